"""How the process is told to end: SIGTERM or SIGINT (Ctrl+C), the second of which ends it at once.

Whatever hangs, it has ended `LONGEST_STOP` after the first: what is not done by then is as safe as after a
crash.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Collection, Iterator
from contextlib import contextmanager
from types import FrameType

log = logging.getLogger(__name__)

LONGEST_STOP = 9.5  # seconds; a container is killed after ten
CLEARING_SECONDS = 2.0  # for what was cancelled to clear up
LAST_SECONDS = 1.0  # for threads, once all else has ended: they hold nothing that has to be finished
SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def until_told(work: Awaitable[None]) -> None:
    """Do work until it is done, or is cancelled because the process is told to end; that is no error."""
    with _heeded() as told:
        try:
            await work
        except asyncio.CancelledError:
            if not told.is_set():
                raise
        if told.is_set():
            _end_in(LAST_SECONDS)


async def end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel tasks, wherever they are, and leave them a moment to clear up."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=CLEARING_SECONDS)


@contextmanager
def _heeded() -> Iterator[threading.Event]:
    """Have the first signal cancel the present task; the event tells whether it came."""
    told = threading.Event()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task  # noqa: S101 - only a task awaits  # nosec B101

    def heed(_number: int, _frame: FrameType | None) -> None:
        told.set()
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        _end_in(LONGEST_STOP)
        loop.call_soon_threadsafe(task.cancel)

    before = {number: signal.signal(number, heed) for number in SIGNALS}
    try:
        yield told
    finally:
        if not told.is_set():
            for number, handler in before.items():
                signal.signal(number, handler)


def _end_in(seconds: float) -> None:
    """End the process after so long, also where a thread is busy that nobody can stop."""
    last_resort = threading.Timer(seconds, _end)
    last_resort.daemon = True
    last_resort.start()


def _end() -> None:
    log.warning("something was still under way; it goes on at the next start")
    os._exit(0)

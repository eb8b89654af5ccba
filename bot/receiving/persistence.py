"""How work goes on that the database refuses for a while: it is tried again, ever less often.

What is refused, and why, stands in the log once an outage, however much work waits for its end.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import chain, repeat, takewhile
from typing import TypeVar

from bot.telling.strides import Strides
from storage.errors import StorageError

log = logging.getLogger(__name__)

_T = TypeVar("_T")
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 30.0


class Persistence:
    """Tries again until the database can be used, or the bot is to stop.

    Attributes:
        strides: Of each try; a database that refuses ends one, one that says nothing lets it stand still.
    """

    def __init__(self, stopping: asyncio.Event) -> None:
        self.stopping = stopping
        self.strides = Strides()
        self._is_down = False

    async def see_through(self, work: Callable[[], Awaitable[_T]]) -> _T | None:
        """Do work that the database may refuse; None where it was to stop before that worked."""
        for pause in back_off():
            try:
                with self.strides.walk():
                    done = await work()
            except StorageError as error:
                self.note(error)
            else:
                self.relax()
                return done
            if await self.wait(pause):
                break
        return None

    def note(self, error: StorageError) -> None:
        """Write down that the database cannot be used; once."""
        if not self._is_down:
            log.error("updates wait until they can be written down: %s", error)
        self._is_down = True

    def relax(self) -> None:
        """Write down that the database can be used again."""
        if self._is_down:
            log.warning("updates are written down again")
        self._is_down = False

    async def wait(self, seconds: float) -> bool:
        """Wait; tell whether the bot is to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)
        return self.stopping.is_set()


def back_off() -> Iterator[float]:
    """Tell how many seconds to wait after each failure: twice as long each time, and for ever."""
    growing = takewhile(lambda pause: pause < LONGEST_PAUSE, (FIRST_PAUSE * 2**step for step in range(64)))
    return chain(growing, repeat(LONGEST_PAUSE))

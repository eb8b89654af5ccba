"""When an attempt that came to nothing is made again, and how long all of them together may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from sources.web.world import World

T = TypeVar("T")

SHORT_FAULT = 2  # further attempts
_FIRST_BACK_OFF = 2.0  # seconds at most; twice as many after each attempt


class AttemptError(Exception):
    """An attempt came to nothing. Its words are said of the address: "answered 404 Not Found".

    Attributes:
        retries: How many further attempts it is worth.
        wait: How long the server itself asked to be left alone; None where it did not.
    """

    def __init__(self, words: str, *, retries: int = 0, wait: timedelta | None = None) -> None:
        super().__init__(words)
        self.retries = retries
        self.wait = wait


class Deadline:
    """So many seconds of work. Time spent waiting for one's turn does not count."""

    def __init__(self, seconds: float, world: World) -> None:
        self._seconds = seconds
        self._world = world
        self.left = seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Count the time within, and end it when none is left.

        Raises:
            AttemptError: None is left.
        """
        started = self._world.seconds()
        try:
            async with asyncio.timeout(self.left):
                yield
        except TimeoutError as error:
            raise AttemptError(f"took longer than {self._seconds:g} seconds") from error
        finally:
            self.left -= self._world.seconds() - started


async def keep_trying(attempt: Callable[[], Awaitable[T]], deadline: Deadline, world: World) -> T:
    """Attempt it until it works, is worth no further attempt, or the deadline comes before the next one.

    Between two there is a pause: as long as the server asked for, else by chance (exponential back-off with
    full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).

    Raises:
        AttemptError: The last one failed.
    """
    failed = 0
    while True:
        try:
            return await attempt()
        except AttemptError as error:
            failed += 1
            pause = _choose_pause(error, failed, world)
            if failed > error.retries or pause >= deadline.left:
                raise
        async with deadline.running():
            await world.pause(pause)


def _choose_pause(error: AttemptError, failed: int, world: World) -> float:
    if error.wait is not None:
        return error.wait.total_seconds()
    return world.chance() * _FIRST_BACK_OFF * 2.0 ** (failed - 1)

"""An answer that many want and that costs something: it is asked for once for all, and kept for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Shared(Generic[_T]):
    """An answer that is at most so old when it is given.

    Who wants it while it is asked for waits for that, but not for ever; one that takes longer is asked for by
    nobody else meanwhile.
    """

    def __init__(
        self,
        ask: Callable[[], Awaitable[_T]],
        lasts: timedelta,
        patience: timedelta,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._lasts = lasts.total_seconds()
        self._patience = patience.total_seconds()
        self._clock = clock
        self._asking: asyncio.Task[_T] | None = None
        self._stale_at = 0.0

    async def get(self) -> _T:
        """Give the answer.

        Raises:
            TimeoutError: It is not there in time.
        """
        if self._asking is None or (self._asking.done() and self._clock() >= self._stale_at):
            self._asking = asyncio.create_task(self._ask_anew())
            self._asking.add_done_callback(_hear_out)
        done, _ = await asyncio.wait({self._asking}, timeout=self._patience)
        if not done:
            raise TimeoutError
        return self._asking.result()

    async def close(self) -> None:
        """Ask no more."""
        if self._asking:
            self._asking.cancel()
            await asyncio.wait({self._asking}, timeout=self._patience)

    async def _ask_anew(self) -> _T:
        self._stale_at = 0.0
        answer = await self._ask()
        self._stale_at = self._clock() + self._lasts
        return answer


def _hear_out(asking: asyncio.Task[_T]) -> None:
    """Take note of a failure that nobody waited for: else asyncio writes of it into the log."""
    if not asking.cancelled():
        asking.exception()

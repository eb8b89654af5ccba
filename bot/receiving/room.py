"""Room for so many at once. A place is lent for a moment only.

Whoever takes longer waits for something else than processor and disk: for the pace of a group, for Telegram,
for a file. Without that, one person with as many groups, each written to as fast as it may be, keeps all
others out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager


class Room:
    """Lends places, to whoever comes first."""

    def __init__(self, places: int, longest_s: float) -> None:
        self._places = asyncio.Semaphore(places)
        self._longest_s = longest_s

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Have a place, once one is free; after the longest time the next one has it, and both go on."""
        await self._places.acquire()
        with ExitStack() as lent:
            lent.callback(self._places.release)
            alarm = asyncio.get_running_loop().call_later(self._longest_s, lent.close)
            try:
                yield
            finally:
                alarm.cancel()

"""Manners: how a server is asked, whoever asks it. Knows nothing of requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sources.web.world import World


@dataclass(frozen=True, slots=True)
class Manner:
    """How one server is asked: so many requests side by side, and so many seconds between two."""

    at_once: int = 4
    seconds_between: float = 0.0

    def stricter(self, other: Manner) -> Manner:
        """Keep to both."""
        return Manner(
            min(self.at_once, other.at_once),
            max(self.seconds_between, other.seconds_between),
        )


class Turns:
    """The turns at one server: first come, first served."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._manner = Manner()
        self._queue = asyncio.Lock()  # held by the first of those who wait; asyncio's is fair
        self._freed = asyncio.Event()
        self._taken = 0
        self._rests_until = world.seconds()

    @asynccontextmanager
    async def take(self, manner: Manner) -> AsyncIterator[None]:
        """Wait for a turn and hold it. The strictest manner that anybody asked for holds for all."""
        self._manner = self._manner.stricter(manner)
        async with self._queue:
            await self._wait_for_room()
            await self._wait_for_rest()
            self._taken += 1
            self.rest(self._manner.seconds_between)
        try:
            yield
        finally:
            self._taken -= 1
            self.rest(self._manner.seconds_between)
            self._freed.set()

    def rest(self, seconds: float) -> None:
        """Let nobody begin for so many seconds from now."""
        self._rests_until = max(self._rests_until, self._world.seconds() + seconds)

    async def _wait_for_room(self) -> None:
        while self._taken >= self._manner.at_once:
            self._freed.clear()
            await self._freed.wait()

    async def _wait_for_rest(self) -> None:
        while (left := self._rests_until - self._world.seconds()) > 0:
            await self._world.pause(left)

"""Connections to Telegram: many side by side, each a client of its own, the one used last used first.

One pool looks at all of its connections for every request: with fifty under way that costs more than the
request itself (benchmarks/connections.py). A client with a single connection has nothing to look at.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from telegram.request import BaseRequest, HTTPXRequest

from bot.telling.observations import TelegramCalls

_MOST = 96  # pushes and answers have some fifty under way in a busy hour; more than this wait


class Connections(BaseRequest):
    """Opens a connection when all others are busy, up to so many; then requests wait for one in turn."""

    def __init__(self, most: int = _MOST) -> None:
        self.calls = TelegramCalls()
        self._turns = asyncio.Semaphore(most)
        self._trust = httpx.create_ssl_context()  # shared, for reading the certificates takes 20 ms
        self._first = self._new()
        self._opened = [self._first]
        self._idle = [self._first]

    @property
    def read_timeout(self) -> float | None:
        """The patience with an answer, in seconds, where a request names no other."""
        return self._first.read_timeout

    async def initialize(self) -> None:
        """Begin; a client that was shut down is opened anew."""
        for client in self._opened:
            await client.initialize()

    async def shutdown(self) -> None:
        """Close all connections."""
        for client in self._opened:
            await client.shutdown()

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request on a connection that is idle, or on a new one."""
        async with self._turns:
            client = self._idle.pop() if self._idle else self._open()
            try:
                return await self.calls.follow(url, client.do_request(url, *args, **kwargs))
            finally:
                self._idle.append(client)

    def _open(self) -> HTTPXRequest:
        client = self._new()
        self._opened.append(client)
        return client

    def _new(self) -> HTTPXRequest:
        return HTTPXRequest(connection_pool_size=1, httpx_kwargs={"verify": self._trust})

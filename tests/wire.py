"""A network to a real PostgreSQL that may fall silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy import make_url


class Wire:
    """Leads to a PostgreSQL, and carries nothing any more while it is not to speak."""

    def __init__(self, url: str) -> None:
        self._url = url
        with psycopg.connect(url) as connection:
            self._host, self._port = connection.info.host, connection.info.port
        self.url = ""
        self.speaks = asyncio.Event()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[Wire]:
        self.speaks.set()
        async with await asyncio.start_server(self._join, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()
            address = make_url(self._url).set(host=host, port=port, query={})
            self.url = address.render_as_string(hide_password=False)
            yield self

    async def _join(self, asks: asyncio.StreamReader, hears: asyncio.StreamWriter) -> None:
        answers, told = await self._reach()
        carrying = [asyncio.create_task(self._carry(*way)) for way in ((asks, told), (answers, hears))]
        await asyncio.wait(carrying, return_when=asyncio.FIRST_COMPLETED)
        for end in (told, hears):
            end.transport.abort()
        await asyncio.gather(*carrying, return_exceptions=True)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._host.startswith("/"):
            return await asyncio.open_unix_connection(f"{self._host}/.s.PGSQL.{self._port}")
        return await asyncio.open_connection(self._host, self._port)

    async def _carry(self, from_: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while said := await from_.read(65_536):
            await self.speaks.wait()
            to.write(said)

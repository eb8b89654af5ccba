"""Requests side by side have a connection each; one after another they share one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from telegram.error import NetworkError

from bot.connections import Connections


@dataclass
class Server:
    """Answers once it is told to, and counts who connected and how many wait."""

    answering: asyncio.Event = field(default_factory=asyncio.Event)
    connected: int = 0
    waiting: int = 0
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected += 1
        try:
            while (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /ok"):
                self.waiting += 1
                await self.answering.wait()
                self.waiting -= 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except asyncio.IncompleteReadError:
            pass  # closed by the client
        finally:
            writer.close()

    async def until_waiting(self, count: int) -> None:
        async with asyncio.timeout(10):
            while self.waiting < count:  # noqa: ASYNC110 - looked at from outside
                await asyncio.sleep(0.01)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    counted = Server()
    listening = await asyncio.start_server(counted.serve, "127.0.0.1", 0)
    counted.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield counted
    listening.close()
    await listening.wait_closed()


async def test_side_by_side_each_has_its_own(server: Server) -> None:
    connections = Connections()
    asking = [asyncio.ensure_future(connections.do_request(f"{server.url}/ok", "GET")) for _ in range(5)]
    await server.until_waiting(5)
    server.answering.set()
    assert await asyncio.gather(*asking) == [(200, b"ok")] * 5
    await connections.shutdown()


async def test_one_after_another_they_share_one(server: Server) -> None:
    server.answering.set()
    connections = Connections()
    for _ in range(5):
        await connections.do_request(f"{server.url}/ok", "GET")
    await connections.shutdown()
    assert server.connected == 1


async def test_more_than_the_most_wait_for_one(server: Server) -> None:
    connections = Connections(most=2)
    asking = [asyncio.ensure_future(connections.do_request(f"{server.url}/ok", "GET")) for _ in range(6)]
    await server.until_waiting(2)
    server.answering.set()
    assert await asyncio.gather(*asking) == [(200, b"ok")] * 6
    assert server.connected == 2
    await connections.shutdown()


async def test_a_broken_one_is_used_again(server: Server) -> None:
    """A request that fails, or is given up, keeps no place."""
    connections = Connections(most=1)
    with pytest.raises(NetworkError):
        await connections.do_request(f"{server.url}/broken", "GET")
    given_up = asyncio.ensure_future(connections.do_request(f"{server.url}/ok", "GET"))
    await server.until_waiting(1)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    server.answering.set()
    assert await connections.do_request(f"{server.url}/ok", "GET") == (200, b"ok")
    await connections.shutdown()

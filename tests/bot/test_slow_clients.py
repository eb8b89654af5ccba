"""Connections that take too long: raw ones, to a server whose patience is short."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.serving.server import open_port, served
from bot.serving.slow_clients import CuttingProtocol

WHOLE = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"


class Hasty(CuttingProtocol):
    longest_request_s = 0.3
    most_clients = 5


async def listen(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the whole body, then answer."""
    await Request(scope, receive).body()
    await Response(status_code=200)(scope, receive, send)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    with open_port("127.0.0.1", 0) as listener:
        config = uvicorn.Config(
            listen, http=Hasty, ws="none", lifespan="off", log_config=None, access_log=False
        )
        async with served(listener, config):
            yield listener.getsockname()[1]


async def told(port: int, *said: bytes) -> bytes:
    """Say something and hear what is answered until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = b""
    async with asyncio.timeout(30):
        with suppress(ConnectionResetError):
            for part in said:
                writer.write(part)
                heard += await reader.readuntil(b"\r\n\r\n") if part == WHOLE else b""
            while part := await reader.read(1_000):
                heard += part
    writer.close()
    return heard


@pytest.mark.parametrize("begun", [b"", WHOLE[:9], WHOLE[:30], WHOLE[:-1]])
async def test_who_does_not_come_to_an_end_is_cut_off(port: int, begun: bytes) -> None:
    assert await told(port, begun) == b""


async def test_so_is_who_does_not_come_to_an_end_the_second_time(port: int) -> None:
    heard = await told(port, WHOLE, WHOLE[:-1])
    assert heard.count(b"HTTP/1.1 200 OK") == 1


async def test_and_who_sends_one_request_and_a_half_at_once(port: int) -> None:
    heard = await told(port, WHOLE + WHOLE[:-1])
    assert heard.count(b"HTTP/1.1 200 OK") == 1


async def test_a_connection_that_rests_between_requests_is_kept(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(WHOLE)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")
        await asyncio.sleep(2 * Hasty.longest_request_s)
    writer.close()


async def test_who_comes_when_there_are_too_many_is_cut_off(port: int) -> None:
    """The others are served on, and once one of them has left there is room for another."""
    there = [await asyncio.open_connection("127.0.0.1", port) for _ in range(Hasty.most_clients)]
    for reader, writer in there:
        writer.write(WHOLE)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")
    too_many, says = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionResetError):
        says.write(WHOLE)
        assert await too_many.read() == b""
    says.close()
    for number, (reader, writer) in enumerate(there):
        writer.write(WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert (await reader.read()).startswith(b"HTTP/1.1 200 OK"), number
        writer.close()
    assert (await told(port, WHOLE)).startswith(b"HTTP/1.1 200 OK")

"""HTTP for the post office: POST with a form, many requests a connection, as little work as can be.

The playground's server costs a millisecond a request, which would be half of what a load test measures.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from benchmarks.postoffice.troubles import Cut, Refused

_HEAD_END = b"\r\n\r\n"
_WAITING = "getupdates"
Office: TypeAlias = Callable[[str, dict[str, str]], Awaitable["Any | Refused | Cut"]]


@asynccontextmanager
async def served(office: Office, port: int) -> AsyncIterator[str]:
    """Serve on a port of this machine, any free one for 0, and tell the address."""
    counters: set[_Counter] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Counter(office, counters), "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for counter in tuple(counters):
            counter.close()
        await server.wait_closed()


class _Counter(asyncio.Protocol):
    """One connection, whose requests come one after another.

    What came whole is carried out, though the bot be gone before it hears of it; but news wait for the next
    who asks.
    """

    def __init__(self, office: Office, counters: set[_Counter]) -> None:
        self._office = office
        self._counters = counters
        self._received = bytearray()
        self._transport: asyncio.Transport
        self._waiting: asyncio.Task[None] | None = None
        self._answering: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._counters.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._counters.discard(self)
        if self._waiting:
            self._waiting.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head_end = self._received.find(_HEAD_END)
        if head_end < 0:
            return
        head = bytes(self._received[:head_end])
        body_end = head_end + len(_HEAD_END) + _length(head)
        if len(self._received) < body_end:
            return
        body = bytes(self._received[head_end + len(_HEAD_END) : body_end])
        del self._received[:body_end]
        path = head.split(b" ", 2)[1].decode("ascii")
        self._begin(path.rpartition("/")[2].lower(), body)

    def close(self) -> None:
        self._transport.abort()
        for answering in self._answering:
            answering.cancel()

    def _begin(self, method: str, body: bytes) -> None:
        answering = asyncio.ensure_future(self._answer(method, body))
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)
        self._waiting = answering if method == _WAITING else None

    async def _answer(self, method: str, body: bytes) -> None:
        try:
            result = await self._office(method, _read_form(body))
        except KeyError as missing:
            result = Refused(HTTPStatus.BAD_REQUEST, f"Bad Request: {missing} is missing")
        if isinstance(result, Cut):
            self._transport.abort()
        elif isinstance(result, Refused):
            told = {"ok": False, "error_code": result.code, "description": result.words}
            self._write(result.code, told | ({"parameters": result.parameters} if result.parameters else {}))
        else:
            self._write(HTTPStatus.OK, {"ok": True, "result": result})

    def _write(self, status: int, told: dict[str, Any]) -> None:
        if self._transport.is_closing():
            return
        body = json.dumps(told).encode()
        head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode("ascii") + body)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _read_form(body: bytes) -> dict[str, str]:
    """Read a form's fields; a body with files in it has none that are counted here."""
    if body.startswith(b"--"):
        return _read_parts(body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _read_parts(body: bytes) -> dict[str, str]:
    """Read the fields of a body in parts, and leave out the files."""
    fields: dict[str, str] = {}
    for part in body.split(body.split(b"\r\n", 1)[0])[1:]:
        head, _, value = part.partition(_HEAD_END)
        if b"filename=" not in head and b'name="' in head:
            name = head.split(b'name="', 1)[1].split(b'"', 1)[0].decode()
            fields[name] = value.removesuffix(b"\r\n").decode(errors="replace")
    return fields

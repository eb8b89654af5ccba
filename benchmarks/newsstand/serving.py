"""HTTP for a stand-in: GET only, many requests a connection, and answers that can go wrong on purpose.

It knows nothing of papers. An answer is a value; a fault is another value made of it.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

_DRIPS = 20  # pieces that a slow body comes in
_WORTH_PACKING = 500  # bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks: path and query apart, the headers' names in small letters."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """What a client is answered, and how it may go wrong.

    Attributes:
        seconds: How long the body takes.
        cut: Whether the connection breaks off in the middle of the body.
        silent: Whether the connection is closed without a word.
    """

    body: bytes = b""
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    cut: bool = False
    silent: bool = False


def conditional(request: Request, response: Response) -> Response:
    """Say that the client has this version already, where its validators say so."""
    if response.status != HTTPStatus.OK:
        return response
    known = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    there = response.headers.get("ETag"), response.headers.get("Last-Modified")
    same = known[0] == there[0] if known[0] else known[1] == there[1]
    if not any(known) or not same:
        return response
    return replace(response, body=b"", status=HTTPStatus.NOT_MODIFIED)


def packed(request: Request, response: Response) -> Response:
    """Pack the body where the client takes that and it is worth it."""
    if "gzip" not in request.headers.get("accept-encoding", "") or len(response.body) < _WORTH_PACKING:
        return response
    headers = {**response.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(response, body=gzip.compress(response.body, 1, mtime=0), headers=headers)


class Serving:
    """A port of this machine that answers as it is told; opened and closed once."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def open(self, port: int = 0) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Close the port and all connections."""
        assert self._server
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _read(reader):
                response = self._answer(request)
                if not response.silent:
                    await _send(writer, response)
                if response.silent or response.cut:
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """Read a request; None where the client has no more."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    if method != "GET":
        return None
    address = urlsplit(target)
    fields = (line.partition(":") for line in lines if line)
    headers = {name.lower(): value.strip() for name, _, value in fields}
    return Request(unquote(address.path), dict(parse_qsl(address.query)), headers)


async def _send(writer: asyncio.StreamWriter, response: Response) -> None:
    """Send an answer; the head tells the whole length, also of a body that is cut."""
    status = HTTPStatus(response.status)
    headers = dict(response.headers)
    if status != HTTPStatus.NOT_MODIFIED:
        headers["Content-Length"] = str(len(response.body))
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{k}: {v}" for k, v in headers.items())]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    body = response.body[: len(response.body) // 2] if response.cut else response.body
    if not response.seconds:
        writer.write(head + body)
    else:
        writer.write(head)
        await _drip(writer, body, response.seconds)
    await writer.drain()


async def _drip(writer: asyncio.StreamWriter, body: bytes, seconds: float) -> None:
    size = len(body) // _DRIPS + 1
    for begin in range(0, len(body), size):
        writer.write(body[begin : begin + size])
        await writer.drain()
        await asyncio.sleep(seconds / _DRIPS)

"""A web site on this machine whose answers a test chooses, and a watch that waits without waiting."""

from __future__ import annotations

import asyncio
import http.server
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sources.web.world import World

BODY = b"Title\nAbstract."

Request = http.server.BaseHTTPRequestHandler
Answer = Callable[[Request], None]


class Site:
    """It remembers what it was asked: path and headers of each request, and over which connections."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.callers: set[Any] = set()
        self._answers: dict[str, list[Answer]] = defaultdict(list)

    def url(self, path: str = "/papers", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, body: bytes = BODY, status: int = 200, path: str = "/papers", **headers: str) -> None:
        """Answer so from now on."""
        self.play(reply(body, status, **headers), path=path)

    def play(self, *answers: Answer, path: str = "/papers") -> None:
        """Give one answer after the other, and the last one for ever."""
        self._answers[path] = list(answers)

    def serve(self, request: Request) -> None:
        self.asked.append(dict(request.headers.items()))
        self.paths.append(request.path)
        self.callers.add(request.client_address)
        answers = self._answers[request.path.partition("?")[0]]
        (answers.pop(0) if len(answers) > 1 else answers[0])(request)


def reply(body: bytes = BODY, status: int = 200, **headers: str) -> Answer:
    """Answer as servers do."""

    def send(request: Request) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        if "Content_Length" in headers:
            request.close_connection = True  # or it would be waited for what does not come
        else:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return send


def say(*lines: bytes, then: bytes = b"") -> Answer:
    """Answer with these very bytes, whatever HTTP says, and hang up."""

    def send(request: Request) -> None:
        request.close_connection = True
        request.wfile.write(b"\r\n".join(lines) + b"\r\n\r\n" + then)

    return send


@contextmanager
def open_site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Open a site at a free port."""
    site = Site()
    with served(site.serve, tls) as site.port:
        yield site


@contextmanager
def served(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Answer all requests so, at a free port, which is given."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                answer(self)
            except ConnectionError:  # whoever asked has gone
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Watch:
    """A clock that only pauses move; it remembers them. Chance is always a half."""

    NOON = datetime(2025, 11, 14, 12, tzinfo=UTC)

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    def world(self, **changes: Any) -> World:
        world = World(
            pause=self.pause,
            chance=lambda: 0.5,
            seconds=lambda: self.seconds,
            now=lambda: self.NOON + timedelta(seconds=self.seconds),
        )
        return replace(world, **changes)

"""Serves the metrics to Prometheus, on this machine alone: looked at anew whenever they are asked for."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import BotError
from storage.errors import StorageError

HOST = "127.0.0.1"
# A page on the web that points a name of its own at this machine gets nothing (DNS rebinding).
_GUARD = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
_LAST_SECONDS = 2  # for requests under way when the bot stops


class MetricsError(BotError):
    """The metrics cannot be served."""


@asynccontextmanager
async def metrics_served(port: int, measure: Callable[[], Awaitable[bytes]]) -> AsyncIterator[str]:
    """Serve what ``measure`` writes, and give the address; on any free port where the port is 0.

    Raises:
        MetricsError: The port is taken.
    """
    listener = _listen(port)
    server = _Server(_configure(measure))
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://{HOST}:{listener.getsockname()[1]}/metrics"
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves the signals of the process to the bot, which stops it."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # any context will do
        return nullcontext()


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise MetricsError(
            f"port {port} on {HOST} is not free for the metrics: choose another one with METRICS_PORT"
        ) from error


def _configure(measure: Callable[[], Awaitable[bytes]]) -> uvicorn.Config:
    async def answer(_request: Request) -> Response:
        try:
            return Response(await measure(), headers={"Content-Type": CONTENT_TYPE_LATEST})
        except StorageError as error:
            return PlainTextResponse(str(error), status_code=503)

    return uvicorn.Config(
        Starlette(routes=[Route("/metrics", answer)], middleware=[_GUARD]),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )

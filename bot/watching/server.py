"""Serves pages to whoever watches over this process, beside its work."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from bot.errors import BotError
from bot.serving import server as serving
from bot.serving.slow_clients import CuttingProtocol

_MOST_AT_A_TIME = 100  # connections that are taken in at once, so that too many are cut off in time
_LAST_SECONDS = 2  # for requests under way when the bot stops


class MetricsError(BotError):
    """The metrics cannot be served."""


@asynccontextmanager
async def served(host: str, port: int, pages: Sequence[Route]) -> AsyncIterator[str]:
    """Serve pages, and give their address; on any free port where the port is 0.

    Raises:
        MetricsError: The address is not this machine's, or the port is taken.
    """
    listener = _listen(host, port)
    async with serving.served(listener, _configure(pages, _guard(host))):
        yield f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"


def _listen(host: str, port: int) -> socket.socket:
    try:
        return serving.open_port(host, port)
    except OSError as error:
        raise MetricsError(
            f"port {port} on {host} cannot be had for the metrics ({error.strerror}): choose another one "
            "with METRICS_PORT, or an address of this machine with METRICS_HOST"
        ) from error


def _guard(host: str) -> list[Middleware]:
    """Guard what is for this machine alone from the web.

    A page there that points a name of its own at this machine gets nothing (DNS rebinding). What listens to
    other machines is called by names that are not known here.
    """
    if not _is_loopback(host):
        return []
    names = ["127.0.0.1", "localhost", "::1", "[::1]", host]
    return [Middleware(TrustedHostMiddleware, allowed_hosts=names)]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _configure(pages: Sequence[Route], guard: Sequence[Middleware]) -> uvicorn.Config:
    return uvicorn.Config(
        Starlette(routes=pages, middleware=guard),
        http=CuttingProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        backlog=_MOST_AT_A_TIME,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )

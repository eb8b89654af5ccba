"""What a PostgreSQL server tells of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

OLDEST = 14  # major version; older ones get no repairs any more
_LOOK = text(
    "SELECT current_setting('server_version_num')::int / 10000, clock_timestamp(),"
    " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
    " current_setting('max_connections')::int"
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server: its major version, the time by its clock, and its connections, in use and at most."""

    version: int
    time: datetime
    connections: int
    most_connections: int


async def look(session: AsyncSession) -> Server:
    """Look at the server of a session on PostgreSQL."""
    return Server(*(await session.execute(_LOOK)).one())

"""News: whether another process has brought papers, or told more of them, since one looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import DUMPS, PAPERS


@dataclass(frozen=True, slots=True)
class Mark:
    """How things stood at a look; where another one differs, there is news.

    Attributes:
        papers: How many there were: fewer where two turned out to be one, or the sample left.
        newest: The highest id.
        read_at: When a dump with something new in it was read last.
    """

    papers: int
    newest: int | None
    read_at: datetime | None


async def mark(session: AsyncSession) -> Mark:
    """Look how things stand now; cheap enough for every half minute."""
    count, newest = (await session.execute(select(func.count(), func.max(PAPERS.c.id)))).one()
    read_at = (await session.execute(select(func.max(DUMPS.c.read_at)))).scalar_one()
    return Mark(count, newest, read_at)

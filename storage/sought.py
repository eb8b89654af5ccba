"""Which papers arXiv is to be asked about: those that came without an id, and when they were asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper
from storage.rows import PAPER_COLUMNS, paper
from storage.tables import PAPERS

AGAIN_AFTER = timedelta(days=3)
GIVEN_UP_AFTER = timedelta(days=14)  # a paper that arXiv does not have by then it hardly ever gets


@dataclass(frozen=True, slots=True)
class Nameless:
    """A stored paper without an arXiv id."""

    id: int
    paper: Paper


async def due(session: AsyncSession, now: datetime, limit: int) -> list[Nameless]:
    """Read the papers whose ids are to be sought, the newest first, and of those the last to be stored.

    Each is sought once, and while it is new again every three days. Samples are not: they are invented.
    """
    is_new = and_(PAPERS.c.sought_at <= now - AGAIN_AFTER, PAPERS.c.first_seen > now - GIVEN_UP_AFTER)
    rows = await session.execute(
        select(PAPERS.c.id, *PAPER_COLUMNS)
        .where(PAPERS.c.arxiv_id.is_(None), PAPERS.c.sample.is_(False))
        .where(or_(PAPERS.c.sought_at.is_(None), is_new))
        .order_by(PAPERS.c.first_seen.desc(), PAPERS.c.id.desc())
        .limit(limit)
    )
    return [Nameless(row.id, paper(row)) for row in rows]


async def mark(session: AsyncSession, paper_id: int, now: datetime) -> None:
    """Keep that arXiv was asked about a paper."""
    await session.execute(update(PAPERS).where(PAPERS.c.id == paper_id).values(sought_at=now))

"""What is trending: the papers of the newest list, and of the days before it, by their upvotes.

A paper of no list counts by the day it came, in UTC; one that its authors withdrew not at all.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper
from storage.rows import PAPER_COLUMNS, paper
from storage.tables import PAPERS


async def newest_day(session: AsyncSession) -> date | None:
    """Tell the day of the newest list; None where there is no paper."""
    listed: date | None = (await session.execute(select(func.max(PAPERS.c.featured)))).scalar_one()
    newest = select(func.max(PAPERS.c.first_seen)).where(PAPERS.c.featured.is_(None))
    came: datetime | None = (await session.execute(newest)).scalar_one()
    return max((day for day in (listed, came and came.date()) if day), default=None)


async def count(session: AsyncSession, since: date) -> int:
    """Count the papers of the lists of that day and later."""
    counted = await session.execute(select(func.count()).select_from(PAPERS).where(_listed(since)))
    return counted.scalar_one()


async def of_days(
    session: AsyncSession, since: date, *, limit: int, offset: int = 0
) -> list[tuple[int, Paper]]:
    """Read the papers of the lists of that day and later: most upvotes first, then most comments.

    One whose upvotes are not known has none; of equals the one that came first is first.
    """
    rows = await session.execute(_ranked().where(_listed(since)).limit(limit).offset(offset))
    return [(row.id, paper(row)) for row in rows]


def _listed(since: date) -> ColumnElement[bool]:
    midnight = datetime.combine(since, time(), UTC)
    came = and_(PAPERS.c.featured.is_(None), PAPERS.c.first_seen >= midnight)
    return and_(PAPERS.c.withdrawn.is_(False), or_(PAPERS.c.featured >= since, came))


def _ranked() -> Select[tuple[int]]:
    upvotes, comments = (func.coalesce(column, 0) for column in (PAPERS.c.upvotes, PAPERS.c.comments))
    return select(PAPERS.c.id, *PAPER_COLUMNS).order_by(upvotes.desc(), comments.desc(), PAPERS.c.id)

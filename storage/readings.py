"""Readings: what the lists of a source's days held when they were last read, as the dumps' marks tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import DUMPS


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source's dumps of one day held.

    Attributes:
        read_at: When they were all read: of several dumps, the moment of the one that was read longest ago.
    """

    read_at: datetime
    papers: int
    rejects: int

    @property
    def is_unreadable(self) -> bool:
        """Whether there was something, and no paper could be made of any of it."""
        return not self.papers and self.rejects > 0

    def is_whole(self, day: date) -> bool:
        """Tell whether the day was over when it was read; what came to its list later is missed otherwise."""
        return self.read_at >= datetime.combine(day + timedelta(days=1), time(), UTC)


async def by_day(session: AsyncSession, source: str, since: date) -> dict[date, Reading]:
    """Read the days of a source that were read: those from ``since`` on, and the newest of all, in order.

    A source whose dumps are of no day has none.
    """
    newest = select(func.max(DUMPS.c.day)).where(DUMPS.c.source == source).scalar_subquery()
    rows = await session.execute(
        _DAYS.where(DUMPS.c.source == source, or_(DUMPS.c.day >= since, DUMPS.c.day == newest))
    )
    return {day: Reading(read_at, papers, rejects) for day, read_at, papers, rejects in rows}


async def of_no_day(session: AsyncSession, source: str) -> Reading | None:
    """Read what the dumps of a source that are of no day hold all together; None where there are none."""
    rows = await session.execute(_DAYS.where(DUMPS.c.source == source, DUMPS.c.day.is_(None)))
    return next((Reading(read_at, papers, rejects) for _, read_at, papers, rejects in rows), None)


_DAYS = (
    select(DUMPS.c.day, func.min(DUMPS.c.read_at), func.sum(DUMPS.c.papers), func.sum(DUMPS.c.rejects))
    .group_by(DUMPS.c.day)
    .order_by(DUMPS.c.day)
)

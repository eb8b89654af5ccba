"""Health: what the owner of a bot wants to know of it at a glance, counted over all readers.

No reader is named in it, and none of what one of them voted or wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Slot
from storage import spans
from storage.dialects import speaks_postgresql
from storage.digests import State
from storage.handed import one_of
from storage.states import ReaderState
from storage.tables import DIGESTS, PICKS, READERS
from storage.verdicts import BALANCE

MOST_SAMPLED = 1_000


@dataclass(frozen=True, slots=True)
class SlotRate:
    """How picks of one slot were met: a pick counts once, as liked where its chat's votes are for it."""

    shown: int
    voted: int
    liked: int


async def answer(session: AsyncSession) -> None:
    """Ask for nothing, to learn whether the database answers."""
    await session.execute(select(1))


async def count_readers(session: AsyncSession) -> dict[tuple[str, ReaderState], int]:
    """Count the readers by kind and state."""
    rows = await session.execute(
        select(READERS.c.kind, READERS.c.state, func.count())
        .group_by(READERS.c.kind, READERS.c.state)
        .order_by(READERS.c.kind, READERS.c.state)
    )
    return {(kind, ReaderState(state)): number for kind, state, number in rows}


async def count_new_readers(session: AsyncSession, since: datetime) -> int:
    """Count the readers who subscribed first since then, and stay known."""
    counted = await session.execute(
        select(func.count()).select_from(READERS).where(READERS.c.subscribed_at >= since)
    )
    return counted.scalar_one()


async def failures(session: AsyncSession, since: datetime, limit: int) -> list[tuple[str, int]]:
    """Count why digests planned since then failed, the commonest reason first."""
    span = await spans.since(session, since)
    rows = await session.execute(
        select(DIGESTS.c.why, func.count().label("times"))
        .where(DIGESTS.c.id >= span.start, DIGESTS.c.state == State.FAILED, DIGESTS.c.planned_at >= since)
        .group_by(DIGESTS.c.why)
        .order_by(func.count().desc(), DIGESTS.c.why)
        .limit(limit)
    )
    return [(row.why or "", row.times) for row in rows]


async def slot_rates(
    session: AsyncSession, since: datetime, most: int = MOST_SAMPLED
) -> dict[Slot, SlotRate]:
    """Count how the picks of each slot were met, of digests planned since then that arrived.

    Of more digests than ``most`` an even sample is looked at.
    """
    ids = spans.spread(await spans.since(session, since), most)
    met = (
        select(PICKS.c.slot, BALANCE)
        .join(DIGESTS, DIGESTS.c.id == PICKS.c.digest_id)
        .where(one_of(session, DIGESTS.c.id, ids))
        .where(DIGESTS.c.state == State.SENT, DIGESTS.c.planned_at >= since)
        .offset(0)  # of none: else the balance is looked up once for each mention of it
        .subquery()
    )
    rows = await session.execute(
        select(
            met.c.slot,
            func.count().label("shown"),
            func.count(met.c.balance).label("voted"),
            func.sum(case((met.c.balance > 0, 1), else_=0)).label("liked"),
        ).group_by(met.c.slot)
    )
    return {Slot(row.slot): SlotRate(row.shown, row.voted, row.liked) for row in rows}


async def database_bytes(session: AsyncSession) -> int:
    """Tell how much room the database takes, indexes and free pages among it."""
    asked = (
        "SELECT pg_database_size(current_database())"
        if speaks_postgresql(session)
        else "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    )
    size: int = (await session.execute(text(asked))).scalar_one()
    return size

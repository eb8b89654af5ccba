"""Tallies of one chat: its votes in each span of time, and how many picks of each slot it liked.

Counted where the rows are: what comes out is as small for ten thousand votes as for ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Slot
from storage.digests import State
from storage.tables import DIGESTS, PICKS, VOTES


@dataclass(frozen=True, slots=True)
class Ballot:
    """How many thumbs went up, and how many down."""

    ups: int = 0
    downs: int = 0


@dataclass(frozen=True, slots=True)
class Showing:
    """How many picks arrived in a chat, and how many of them at least one person there likes."""

    shown: int = 0
    liked: int = 0


async def first_vote(session: AsyncSession, chat_id: int) -> datetime | None:
    """Tell when the oldest vote of a chat that still stands was cast; None where there is none."""
    found = await session.execute(
        select(VOTES.c.at).where(VOTES.c.chat_id == chat_id).order_by(VOTES.c.at).limit(1)
    )
    return found.scalar_one_or_none()


async def by_span(session: AsyncSession, chat_id: int, starts: Sequence[datetime]) -> list[Ballot]:
    """Count the votes of a chat from each start up to the next, and from the last start on.

    The starts are in the order of time, at any distance from each other. A vote counts when it was last
    changed; one from before the first start, and one taken back, not at all.
    """
    if not starts:
        return []
    latest_first = reversed([*enumerate(starts)])
    votes = (
        select(case(*((VOTES.c.at >= start, span) for span, start in latest_first)).label("span"), VOTES.c.up)
        .where(VOTES.c.chat_id == chat_id, VOTES.c.at >= starts[0])
        .subquery()
    )
    ups = func.sum(case((votes.c.up, 1), else_=0)).label("ups")
    rows = await session.execute(select(votes.c.span, ups, func.count().label("all")).group_by(votes.c.span))
    counted = {row.span: Ballot(row.ups, row.all - row.ups) for row in rows}
    return [counted.get(span, Ballot()) for span in range(len(starts))]


async def by_slot(session: AsyncSession, chat_id: int) -> dict[Slot, Showing]:
    """Count the picks of each slot that arrived in a chat, and those of them that are liked there."""
    liked = (
        select(VOTES.c.paper_id).where(VOTES.c.chat_id == chat_id, VOTES.c.up.is_(True)).distinct().subquery()
    )
    rows = await session.execute(
        select(PICKS.c.slot, func.count().label("shown"), func.count(liked.c.paper_id).label("liked"))
        .join(DIGESTS, DIGESTS.c.id == PICKS.c.digest_id)
        .outerjoin(liked, liked.c.paper_id == PICKS.c.paper_id)
        .where(DIGESTS.c.chat_id == chat_id, DIGESTS.c.state == State.SENT)
        .group_by(PICKS.c.slot)
    )
    return dict.fromkeys(Slot, Showing()) | {Slot(row.slot): Showing(row.shown, row.liked) for row in rows}

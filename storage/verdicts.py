"""What chats said of picks that they were shown: how high each was ranked, and whether it was liked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Slot
from storage import spans
from storage.digests import State
from storage.handed import one_of
from storage.tables import DIGESTS, PICKS, VOTES

MOST_DIGESTS = 10_000
# What a chat's votes on a pick come to, looked up pick by pick; nothing where nobody voted.
BALANCE = (
    select(func.sum(case((VOTES.c.up, 1), else_=-1)))
    .where(VOTES.c.chat_id == DIGESTS.c.chat_id, VOTES.c.paper_id == PICKS.c.paper_id)
    .correlate(DIGESTS, PICKS)
    .scalar_subquery()
    .label("balance")
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score that a pick was shown with, and whether the chat's votes on it are for it."""

    score: float
    liked: bool


async def on_taste(
    session: AsyncSession, since: datetime, limit: int, most: int = MOST_DIGESTS
) -> list[Verdict]:
    """Read what was said of picks of slot taste, in digests planned since then, the newest digest first.

    Of more digests than ``most`` an even sample is looked at: the newest alone would be those of a morning,
    on which nobody has voted yet. A pick is left out while nobody has voted on it, where ups and downs cancel
    out, or where a rule lifted it: its score then tells of more than taste.
    """
    ids = spans.spread(await spans.since(session, since), most)
    said = (
        select(PICKS.c.digest_id, PICKS.c.position, PICKS.c.score, BALANCE)
        .join(DIGESTS, DIGESTS.c.id == PICKS.c.digest_id)
        .where(one_of(session, DIGESTS.c.id, ids))
        .where(DIGESTS.c.state == State.SENT, DIGESTS.c.planned_at >= since)
        .where(PICKS.c.slot == Slot.TASTE, PICKS.c.rule_kind.is_(None))
        .offset(0)  # of none: else the balance is looked up once for each mention of it
        .subquery()
    )
    rows = await session.execute(
        select(said.c.score, said.c.balance)
        .where(said.c.balance != 0)
        .order_by(said.c.digest_id.desc(), said.c.position)
        .limit(limit)
    )
    return [Verdict(score, balance > 0) for score, balance in rows]

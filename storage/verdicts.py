"""What chats said of picks that they were shown: how high each was ranked, and whether it was liked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Slot
from storage.digests import State
from storage.tables import DIGESTS, PICKS, VOTES


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score that a pick was shown with, and whether the chat's votes on it are for it."""

    score: float
    liked: bool


async def on_taste(session: AsyncSession, since: datetime, limit: int) -> list[Verdict]:
    """Read what was said of picks of slot taste, in digests planned since then, the newest digest first.

    A pick is left out while nobody has voted on it, where ups and downs cancel out, or where a rule lifted
    it: its score then tells of more than taste.
    """
    rows = await session.execute(
        select(PICKS.c.score, _BALANCE)
        .join(DIGESTS, DIGESTS.c.id == PICKS.c.digest_id)
        .join(VOTES, and_(VOTES.c.chat_id == DIGESTS.c.chat_id, VOTES.c.paper_id == PICKS.c.paper_id))
        .where(DIGESTS.c.state == State.SENT, DIGESTS.c.planned_at >= since)
        .where(PICKS.c.slot == Slot.TASTE, PICKS.c.rule_kind.is_(None))
        .group_by(PICKS.c.digest_id, PICKS.c.position, PICKS.c.score)
        .having(_BALANCE != 0)
        .order_by(PICKS.c.digest_id.desc(), PICKS.c.position)
        .limit(limit)
    )
    return [Verdict(score, balance > 0) for score, balance in rows]


_BALANCE = func.sum(case((VOTES.c.up, 1), else_=-1))

"""History: which papers a chat was given, and which it will be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.digests import State
from storage.tables import DIGESTS, PICKS

STANDING = (State.PLANNED, State.SENDING, State.SENT)
SLACK = timedelta(days=1)  # a clock may have been set right between a paper's coming and its digest


async def of_chat(
    session: AsyncSession, chat_id: int, *, limit: int, offset: int = 0
) -> list[tuple[int, datetime]]:
    """Read which papers were sent to a chat and when, each once, the one sent last first.

    Those of one message are in its order.
    """
    last_first = (func.max(DIGESTS.c.settled_at).desc(), func.max(DIGESTS.c.id).desc())
    in_message = (func.min(PICKS.c.position), PICKS.c.paper_id)
    rows = await session.execute(
        _sent(chat_id).order_by(*last_first, *in_message).limit(limit).offset(offset)
    )
    return [(row.paper_id, row.at) for row in rows]


async def count(session: AsyncSession, chat_id: int) -> int:
    """Count the papers that were sent to a chat."""
    counted = await session.execute(select(func.count()).select_from(_sent(chat_id).subquery()))
    return counted.scalar_one()


async def given(session: AsyncSession, chat_id: int, paper_ids: Iterable[int]) -> set[int]:
    """Tell which of the papers were or will be delivered to a chat."""
    found: set[int] = set()
    for batch in batches(paper_ids):
        found |= set((await session.execute(delivered(chat_id).where(PICKS.c.paper_id.in_(batch)))).scalars())
    return found


def delivered(chat_id: int, since: datetime | None = None) -> Select[Any]:
    """Select the ids of the papers that were or will be delivered to a chat.

    Where only papers are asked about that were first seen since a moment, digests from before need no look.
    """
    papers = _picked(PICKS.c.paper_id).where(DIGESTS.c.chat_id == chat_id, DIGESTS.c.state.in_(STANDING))
    return papers if since is None else papers.where(DIGESTS.c.planned_at >= since - SLACK)


def _sent(chat_id: int) -> Select[Any]:
    sent = _picked(PICKS.c.paper_id, func.max(DIGESTS.c.settled_at).label("at"))
    return sent.where(DIGESTS.c.chat_id == chat_id, DIGESTS.c.state == State.SENT).group_by(PICKS.c.paper_id)


def _picked(*columns: Any) -> Select[Any]:
    return select(*columns).join_from(PICKS, DIGESTS, DIGESTS.c.id == PICKS.c.digest_id)

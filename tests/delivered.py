"""Digests that arrived, without a chat to arrive in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick
from storage import ledger
from storage.ledger import Kind


async def deliver(
    session: AsyncSession, chat_id: int, now: datetime, picks: Sequence[Pick], *, arrives: bool = True
) -> None:
    """Plan a digest and take it up; unless it shall not arrive, send it."""
    digest_id = await ledger.plan(session, chat_id, Kind.ASKED, picks, now)
    assert digest_id is not None
    await ledger.claim(session, now, timedelta(hours=1), 1, digest_id=digest_id)
    if arrives:
        await settled.sent(session, digest_id, digest_id, now)

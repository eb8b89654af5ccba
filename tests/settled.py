"""What became of a digest that is being sent, written down as its sender does, one at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import ledger
from storage.ledger import Outcome, State


async def sent(session: AsyncSession, digest_id: int, message_id: int, now: datetime) -> None:
    """It arrived."""
    await _settle(session, Outcome(digest_id=digest_id, state=State.SENT, message_id=message_id), now)


async def failed(session: AsyncSession, digest_id: int, why: str, now: datetime) -> None:
    """It was given up."""
    await _settle(session, Outcome(digest_id=digest_id, state=State.FAILED, why=why), now)


async def skipped(session: AsyncSession, digest_id: int, why: str, now: datetime) -> None:
    """It is not wanted any more."""
    await _settle(session, Outcome(digest_id=digest_id, state=State.SKIPPED, why=why), now)


async def put_off(session: AsyncSession, digest_id: int, not_before: datetime, why: str) -> None:
    """It is planned again."""
    again = Outcome(digest_id=digest_id, state=State.PLANNED, why=why, not_before=not_before)
    await _settle(session, again, not_before)


async def _settle(session: AsyncSession, outcome: Outcome, now: datetime) -> None:
    assert not await ledger.settle(session, [outcome], now), "it was not being sent"

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox, receipts
from storage.inbox import KeptUpdate

ADA = 7_000_000_001
LATER = timedelta(days=3)


async def test_an_update_is_carried_out_once(session: AsyncSession, now: datetime) -> None:
    assert await receipts.take(session, 5, now)
    assert not await receipts.take(session, 5, now)


async def test_an_old_receipt_is_forgotten(session: AsyncSession, now: datetime) -> None:
    await receipts.take(session, 5, now)
    await receipts.forget(session, now + LATER)
    assert await receipts.take(session, 5, now + LATER)


async def test_the_receipt_of_an_update_in_the_inbox_stays(session: AsyncSession, now: datetime) -> None:
    """A bot that is killed between a vote and the inbox, and sleeps for days, does not turn the vote back."""
    await inbox.keep(session, [KeptUpdate(5, ADA, "{}", now)])
    await receipts.take(session, 5, now)
    await receipts.forget(session, now + LATER)
    assert not await receipts.take(session, 5, now + LATER)

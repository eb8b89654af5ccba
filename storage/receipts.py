"""Receipts: which updates were carried out, so that one that comes again after a crash counts once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import insert
from storage.tables import INBOX, RECEIPTS


async def take(session: AsyncSession, update_id: int, now: datetime) -> bool:
    """Write down that an update is carried out in this transaction; False where one before did so already."""
    taken = await session.execute(
        insert(session, RECEIPTS)
        .values(update_id=update_id, taken_at=now)
        .on_conflict_do_nothing()
        .returning(RECEIPTS.c.update_id)
    )
    return taken.first() is not None


async def forget(session: AsyncSession, before: datetime) -> None:
    """Remove the receipts from before then; whoever sends updates must have given up on those.

    Those of updates that still stand in the inbox stay: a process that slept for days carries them out first.
    """
    waits = exists().where(INBOX.c.update_id == RECEIPTS.c.update_id)
    await session.execute(delete(RECEIPTS).where(RECEIPTS.c.taken_at < before, ~waits))

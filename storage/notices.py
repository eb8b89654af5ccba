"""Notices: what the owner writes to all readers. A draft is sent once, by whoever sends it first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.digests import State
from storage.tables import DIGESTS, NOTICES


@dataclass(frozen=True, slots=True)
class Progress:
    """How many messages of a notice are in each state of the ledger."""

    states: Mapping[State, int]

    @property
    def arrived(self) -> int:
        """How many readers have it."""
        return self.states.get(State.SENT, 0)

    @property
    def waiting(self) -> int:
        """How many readers are still to get it."""
        return self.states.get(State.PLANNED, 0) + self.states.get(State.SENDING, 0)

    @property
    def lost(self) -> int:
        """How many readers will not get it."""
        return self.states.get(State.FAILED, 0) + self.states.get(State.SKIPPED, 0)


async def draft(session: AsyncSession, text: str, now: datetime) -> int:
    """Keep a draft and return its id."""
    made = await session.execute(
        insert(NOTICES).values(text=text, written_at=now, sent_at=None).returning(NOTICES.c.id)
    )
    notice_id: int = made.scalar_one()
    return notice_id


async def get(session: AsyncSession, notice_id: int) -> str | None:
    """Read the text of a notice; None where there is none."""
    found = await session.execute(select(NOTICES.c.text).where(NOTICES.c.id == notice_id))
    return found.scalar_one_or_none()


async def release(session: AsyncSession, notice_id: int, now: datetime) -> bool:
    """Mark a draft as sent; False where it was sent before, or is not there."""
    sent = await session.execute(
        update(NOTICES)
        .where(NOTICES.c.id == notice_id, NOTICES.c.sent_at.is_(None))
        .values(sent_at=now)
        .returning(NOTICES.c.id)
    )
    return sent.first() is not None


async def discard(session: AsyncSession, notice_id: int) -> bool:
    """Remove a draft; False where it was sent, or is not there."""
    removed = await session.execute(
        delete(NOTICES).where(NOTICES.c.id == notice_id, NOTICES.c.sent_at.is_(None)).returning(NOTICES.c.id)
    )
    return removed.first() is not None


async def last_progress(session: AsyncSession) -> Progress | None:
    """Tell how far the notice is that was sent last; None where none was."""
    last = (
        select(NOTICES.c.id)
        .where(NOTICES.c.sent_at.is_not(None))
        .order_by(NOTICES.c.sent_at.desc(), NOTICES.c.id.desc())
        .limit(1)
    )
    notice_id = (await session.execute(last)).scalar_one_or_none()
    if notice_id is None:
        return None
    rows = await session.execute(
        select(DIGESTS.c.state, func.count())
        .where(DIGESTS.c.notice_id == notice_id)
        .group_by(DIGESTS.c.state)
    )
    return Progress({State(state): number for state, number in rows})

"""What a clock that was ahead has dated: rows of the ledger for days that have yet to come.

When the clock is right again, those rows would keep the days from having their digests.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.dialects import speaks_postgresql
from storage.digests import Kind, State
from storage.tables import DIGESTS, READERS

DAY = timedelta(days=1)
EASTERNMOST = timedelta(hours=14)  # no calendar is further ahead of UTC


async def take_back(session: AsyncSession, now: datetime) -> int:
    """Free the days that have yet to come; tell how many chats had rows for them.

    What was skipped or is still planned for them is removed, to be planned in its time. What was sent, or may
    have been, stays, as a digest of no day; one of tomorrow, by the calendar furthest ahead, keeps its day,
    which so gets no second. What waits to be sent waits no longer than a day.
    """
    today = (now + EASTERNMOST).astimezone(UTC).date()
    is_ahead = DIGESTS.c.local_day > today
    # Asked chat by chat, for that is one look into an index each; the days alone have none.
    chats = select(READERS.c.chat_id).where(exists().where(DIGESTS.c.chat_id == READERS.c.chat_id, is_ahead))
    chat_ids = list((await session.execute(chats)).scalars())
    for batch in batches(chat_ids):
        theirs = DIGESTS.c.chat_id.in_(batch)
        await _remove_undone(session, and_(theirs, is_ahead))
        beyond = and_(theirs, DIGESTS.c.local_day > today + DAY)
        await session.execute(update(DIGESTS).where(beyond).values(local_day=None))
    await _hurry(session, now)
    return len(chat_ids)


async def was_sent(session: AsyncSession, chat_id: int, since: datetime, now: datetime) -> bool:
    """Tell whether a chat was sent a daily digest since then, be it one that lost its day."""
    sent = select(DIGESTS.c.id).where(
        DIGESTS.c.chat_id == chat_id,
        DIGESTS.c.state == State.SENT,
        DIGESTS.c.kind == Kind.DAILY,
        DIGESTS.c.settled_at.between(since, now),
    )
    return (await session.execute(sent.limit(1))).first() is not None


async def _remove_undone(session: AsyncSession, rows: ColumnElement[bool]) -> None:
    undone = DIGESTS.c.state.in_((State.PLANNED, State.SKIPPED))
    ids = list((await session.execute(select(DIGESTS.c.id).where(rows, undone))).scalars())
    for batch in batches(ids):
        with_cards = or_(DIGESTS.c.id.in_(batch), DIGESTS.c.lead_id.in_(batch))
        await session.execute(delete(DIGESTS).where(with_cards, undone))


async def _hurry(session: AsyncSession, now: datetime) -> None:
    """Make due what would wait until the clock is again where it was; nothing is put off for a day.

    On PostgreSQL no lease is meant, for those go by another clock.
    """
    states = [State.PLANNED] if speaks_postgresql(session) else [State.PLANNED, State.SENDING]
    is_waiting = DIGESTS.c.state.in_(states)
    await session.execute(update(DIGESTS).where(is_waiting, DIGESTS.c.due_at > now + DAY).values(due_at=now))

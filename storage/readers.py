"""Readers: the chats that subscribed, their settings, and when the next digest of each is due."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import insert
from storage.errors import StorageError
from storage.joining import move_chat
from storage.rows import AnyRow
from storage.tables import READERS


class ReaderState(StrEnum):
    """Whether a reader gets digests, and if not, why."""

    ACTIVE = "active"
    PAUSED = "paused"
    """The reader wished so."""
    BLOCKED = "blocked"
    """The reader blocked the bot or removed it from the chat."""
    GONE = "gone"
    """The chat was not found, thrice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A chat that subscribed.

    Attributes:
        kind: ``private``, ``group`` or ``channel``.
        hour: The local hour of the daily digest, None while none is chosen.
        timezone: An IANA name, None while none is chosen.
        picks: How many picks a digest has.
        tell_empty: Whether the reader wants to hear of a day with nothing new.
        next_due_at: When the next daily digest is due.
        asking: What the chat was last asked for in words, as in ``city``.
        misses: How many answers "chat not found" came in a row.
    """

    chat_id: int
    kind: str
    hour: int | None = None
    timezone: str | None = None
    picks: int = 3
    tell_empty: bool = True
    state: ReaderState = ReaderState.ACTIVE
    next_due_at: datetime | None = None
    asking: str | None = None
    misses: int = 0


async def subscribe(session: AsyncSession, chat_id: int, kind: str, now: datetime) -> tuple[Reader, bool]:
    """Make a reader, or bring one back to active with its settings kept.

    Returns:
        The reader, and whether it is new.
    """
    fresh = Reader(chat_id=chat_id, kind=kind)
    made = await session.execute(
        insert(session, READERS)
        .values(subscribed_at=now, **asdict(fresh))
        .on_conflict_do_nothing()
        .returning(READERS.c.chat_id)
    )
    if made.first() is not None:
        return fresh, True
    known = replace(await _known(session, chat_id), kind=kind, state=ReaderState.ACTIVE, misses=0)
    await save(session, known)
    return known, False


async def get(session: AsyncSession, chat_id: int) -> Reader | None:
    """Read a reader; None where the chat never subscribed."""
    row = (await session.execute(_READERS.where(READERS.c.chat_id == chat_id))).first()
    return _reader(row) if row else None


async def save(session: AsyncSession, reader: Reader) -> None:
    """Keep all settings of a reader.

    Raises:
        StorageError: Where the chat never subscribed.
    """
    saved = await session.execute(
        update(READERS)
        .where(READERS.c.chat_id == reader.chat_id)
        .values(**asdict(reader))
        .returning(READERS.c.chat_id)
    )
    if saved.first() is None:
        raise StorageError(f"Chat {reader.chat_id} is no reader.")


async def due(session: AsyncSession, now: datetime, limit: int = 1000) -> list[Reader]:
    """Find the active readers whose digest is due, longest due first."""
    rows = await session.execute(
        _READERS.where(READERS.c.state == ReaderState.ACTIVE, READERS.c.next_due_at <= now)
        .order_by(READERS.c.next_due_at, READERS.c.chat_id)
        .limit(limit)
    )
    return [_reader(row) for row in rows]


async def count(session: AsyncSession) -> dict[ReaderState, int]:
    """Count the readers of each state."""
    rows = await session.execute(select(READERS.c.state, func.count()).group_by(READERS.c.state))
    return dict.fromkeys(ReaderState, 0) | {ReaderState(state): number for state, number in rows}


async def move(session: AsyncSession, old_chat_id: int, new_chat_id: int) -> None:
    """Move all that is a chat's to another chat: a group became a supergroup.

    Where both subscribed, they become one reader, with the settings of the new one if it has chosen an hour,
    else of the old one; active if either was. Of two votes the newer stands, of two daily digests of one day
    the better one.
    """
    if old_chat_id == new_chat_id:
        return
    old, new = await get(session, old_chat_id), await get(session, new_chat_id)
    if old and new:
        await save(session, _joined(old, new))
        await session.execute(delete(READERS).where(READERS.c.chat_id == old_chat_id))
    else:
        await session.execute(
            update(READERS).where(READERS.c.chat_id == old_chat_id).values(chat_id=new_chat_id)
        )
    await move_chat(session, old_chat_id, new_chat_id)


def _joined(old: Reader, new: Reader) -> Reader:
    chosen = new if new.hour is not None else old
    active = ReaderState.ACTIVE in {old.state, new.state}
    return replace(
        chosen, chat_id=new.chat_id, kind=new.kind, state=ReaderState.ACTIVE if active else new.state
    )


async def _known(session: AsyncSession, chat_id: int) -> Reader:
    return _reader((await session.execute(_READERS.where(READERS.c.chat_id == chat_id))).one())


def _reader(row: AnyRow) -> Reader:
    values = row._asdict()
    return Reader(**values | {"state": ReaderState(row.state)})


_READERS = select(*(READERS.c[field.name] for field in fields(Reader)))

"""Readers: the chats that subscribed, their settings, and when the next digest of each is due."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.copying import copy_out
from storage.dialects import hold, insert
from storage.errors import StorageError
from storage.joining import move_chat
from storage.rows import AnyRow
from storage.states import Layout, ReaderState
from storage.tables import READERS

__all__ = ["Layout", "Reader", "ReaderState"]

log = logging.getLogger(__name__)

EVERY_DAY = 0b1111111


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
        asking: What the chat was last asked for in words, as in ``city`` or ``note:123``.
        misses: How many answers "chat not found" came in a row.
        days: The weekdays that a digest is wanted on, a bit each; Monday is the lowest.
        quiet_until: The last local day on which none is wanted, whatever its weekday.
        on_arrival: Whether the digest comes as soon as the day's list is out, instead of at an hour.
        layout: How a digest comes.
        percentile: How high a daily pick must rank; None for the owner's choice.
        language: The code of the language that the reader is spoken to in; None while it is not known.
        topic_id: The topic of a forum that digests go to; None for the general one.
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
    days: int = EVERY_DAY
    quiet_until: date | None = None
    on_arrival: bool = False
    layout: Layout = Layout.LIST
    percentile: int | None = None
    language: str | None = None
    topic_id: int | None = None


async def subscribe(session: AsyncSession, chat_id: int, kind: str, now: datetime) -> tuple[Reader, bool]:
    """Make a reader, or bring one back to active with its settings kept.

    Returns:
        The reader, and whether it is new.
    """
    # A reaction is to a whole message, so in a channel, which votes by them, each paper is one.
    layout = Layout.CARDS if kind == "channel" else Layout.LIST
    fresh = Reader(chat_id=chat_id, kind=kind, layout=layout)
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
    row = (await session.execute(hold(session, _READERS.where(READERS.c.chat_id == chat_id)))).first()
    return _reader(row) if row else None


async def of_chats(session: AsyncSession, chat_ids: Iterable[int]) -> dict[int, Reader]:
    """Read the readers of many chats, by chat. Chats that never subscribed are left out."""
    found: dict[int, Reader] = {}
    for batch in batches(chat_ids):
        rows = await session.execute(_READERS.where(READERS.c.chat_id.in_(batch)))
        found |= {row.chat_id: _reader(row) for row in rows}
    return found


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
        _READERS.where(*_are_due(now)).order_by(READERS.c.next_due_at, READERS.c.chat_id).limit(limit)
    )
    return [_reader(row) for row in rows]


async def due_ids(session: AsyncSession, now: datetime) -> NDArray[np.int64]:
    """Name the chats of all readers who are due, in the order of their ids."""
    chats = select(READERS.c.chat_id).where(*_are_due(now)).order_by(READERS.c.chat_id)
    return (await copy_out(session, chats))["chat_id"]


async def due_between(
    session: AsyncSession, first: int, last: int, now: datetime, limit: int
) -> list[Reader]:
    """Read the readers who are due among the chats from one to another, both included, by chat.

    Left out is whose row only a newer version can read.
    """
    rows = await session.execute(
        _READERS.where(*_are_due(now), READERS.c.chat_id.between(first, last))
        .order_by(READERS.c.chat_id)
        .limit(limit)
    )
    return list(_readable(rows))


async def waiting(session: AsyncSession, since: datetime, after: int | None, limit: int) -> list[Reader]:
    """Read active readers whose digest is due no earlier than ``since``, by chat, from ``after`` one on."""
    query = _READERS.where(READERS.c.state == ReaderState.ACTIVE, READERS.c.next_due_at >= since)
    if after is not None:
        query = query.where(READERS.c.chat_id > after)
    rows = await session.execute(query.order_by(READERS.c.chat_id).limit(limit))
    return [_reader(row) for row in rows]


async def zones(session: AsyncSession) -> set[str]:
    """Name the time zones that readers chose."""
    rows = await session.execute(select(READERS.c.timezone).where(READERS.c.timezone.is_not(None)).distinct())
    return set(rows.scalars())


async def forget_zone(session: AsyncSession, zone: str) -> int:
    """Take a time zone from those who chose it, and with it their next digest; tell how many they are."""
    lost = await session.execute(
        update(READERS)
        .where(READERS.c.timezone == zone)
        .values(timezone=None, next_due_at=None)
        .returning(READERS.c.chat_id)
    )
    return len(lost.all())


async def awaken(session: AsyncSession, now: datetime) -> None:
    """Make due, now, the active readers who want their digest as soon as the day's list is out."""
    await session.execute(
        update(READERS)
        .where(
            READERS.c.state == ReaderState.ACTIVE,
            READERS.c.on_arrival.is_(True),
            READERS.c.timezone.is_not(None),
            or_(READERS.c.next_due_at.is_(None), READERS.c.next_due_at > now),  # by a clock that was ahead
        )
        .values(next_due_at=now)
    )


async def count(session: AsyncSession) -> dict[ReaderState, int]:
    """Count the readers of each state."""
    rows = await session.execute(select(READERS.c.state, func.count()).group_by(READERS.c.state))
    return dict.fromkeys(ReaderState, 0) | {ReaderState(state): number for state, number in rows}


async def move(session: AsyncSession, old_chat_id: int, new_chat_id: int) -> None:
    """Move all that is a chat's to another chat: a group became a supergroup.

    Where both subscribed, they become one reader, with the settings of the new one if it has chosen when its
    digest comes, else of the old one; active if either was. Of two votes the newer stands, of two daily
    digests of one day the better one.
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


def _are_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return READERS.c.state == ReaderState.ACTIVE, READERS.c.next_due_at <= now


def _joined(old: Reader, new: Reader) -> Reader:
    chosen, other = (new, old) if new.hour is not None or new.on_arrival else (old, new)
    active = ReaderState.ACTIVE in {old.state, new.state}
    return replace(
        chosen,
        chat_id=new.chat_id,
        kind=new.kind,
        state=ReaderState.ACTIVE if active else new.state,
        next_due_at=(chosen if chosen.state is ReaderState.ACTIVE else other).next_due_at,
    )


async def _known(session: AsyncSession, chat_id: int) -> Reader:
    return _reader((await session.execute(hold(session, _READERS.where(READERS.c.chat_id == chat_id)))).one())


def _readable(rows: Iterable[AnyRow]) -> Iterator[Reader]:
    """Read rows; one that a newer Paperboy wrote, in words that this one does not know, holds up no other."""
    for row in rows:
        try:
            yield _reader(row)
        except ValueError:
            log.warning("reader %s has settings of a newer version, and is left to that", row.chat_id)


def _reader(row: AnyRow) -> Reader:
    values = row._asdict()
    return Reader(**values | {"state": ReaderState(row.state), "layout": Layout(row.layout)})


_READERS = select(*(READERS.c[field.name] for field in fields(Reader)))

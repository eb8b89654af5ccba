"""Readers by when their digest is due, and by the time zone that they chose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage import readers
from storage.readers import Reader, ReaderState

HOUR = timedelta(hours=1)


async def keep(session: AsyncSession, chat_id: int, now: datetime, **settings: Any) -> None:
    await readers.subscribe(session, chat_id, "private", now)
    await readers.save(session, Reader(chat_id=chat_id, kind="private", **settings))


async def test_those_who_wait_are_read_in_parts(session: AsyncSession, now: datetime) -> None:
    for chat_id in (3, 1, 2):
        await keep(session, chat_id, now, next_due_at=now + HOUR)
    await keep(session, 4, now, next_due_at=now)
    await keep(session, 5, now, next_due_at=now + HOUR, state=ReaderState.PAUSED)
    first = await readers.waiting(session, now + HOUR, None, 2)
    rest = await readers.waiting(session, now + HOUR, 2, 2)
    assert [[reader.chat_id for reader in part] for part in (first, rest)] == [[1, 2], [3]]


async def test_who_waits_for_a_list_is_awakened_though_a_clock_was_ahead(
    session: AsyncSession, now: datetime
) -> None:
    waiting = {"timezone": "UTC", "on_arrival": True}
    await keep(session, 1, now, **waiting, next_due_at=now + HOUR)
    await keep(session, 2, now, **waiting, next_due_at=now - HOUR)
    await readers.awaken(session, now)
    due = await readers.due(session, now)
    assert [(reader.chat_id, reader.next_due_at) for reader in due] == [(2, now - HOUR), (1, now)]


async def test_a_zone_is_taken_from_all_who_chose_it_and_from_nobody_else(
    session: AsyncSession, now: datetime
) -> None:
    for chat_id, zone in enumerate(["Europe/Atlantis", "UTC", "Europe/Atlantis", None]):
        await keep(session, chat_id, now, timezone=zone, next_due_at=now)
    assert await readers.zones(session) == {"Europe/Atlantis", "UTC"}
    assert await readers.forget_zone(session, "Europe/Atlantis") == 2
    assert await readers.zones(session) == {"UTC"}
    assert [reader.chat_id for reader in await readers.due(session, now)] == [1, 3]

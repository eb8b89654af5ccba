from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import ledger, notices, readers
from storage.database import Database
from storage.ledger import Kind, State
from storage.readers import ReaderState
from storage.states import Layout

LEASE = timedelta(minutes=2)


async def subscribed(session: AsyncSession, chat_id: int, now: datetime, **settings: object) -> None:
    """Make a reader with some settings."""
    reader, _ = await readers.subscribe(session, chat_id, "private", now)
    await readers.save(session, replace(reader, **settings))


async def test_a_draft_is_kept(session: AsyncSession, now: datetime) -> None:
    """It is read again by its id; nothing is planned of it."""
    await subscribed(session, 5, now)
    notice_id = await notices.draft(session, "Hello", now)
    assert await notices.get(session, notice_id) == "Hello"
    assert await notices.get(session, notice_id + 1) is None
    assert await ledger.claim(session, now, LEASE, 9) == []


async def test_a_notice_is_released_once(database: Database, now: datetime) -> None:
    """Of twenty presses at once one sends it; what was never written is sent by none."""
    async with database.writing() as session:
        notice_id = await notices.draft(session, "Hello", now)

    async def release() -> bool:
        async with database.writing() as session:
            return await notices.release(session, notice_id, now)

    assert sum(await asyncio.gather(*(release() for _ in range(20)))) == 1
    async with database.writing() as session:
        assert not await notices.release(session, notice_id + 1, now)


async def test_a_notice_is_planned_for_the_active_alone(session: AsyncSession, now: datetime) -> None:
    """Each gets it once, in the topic of their digests; it is told how many they are."""
    await subscribed(session, 1, now, topic_id=8, layout=Layout.CARDS)
    await subscribed(session, 2, now)
    for chat_id, state in enumerate(set(ReaderState) - {ReaderState.ACTIVE}, start=3):
        await subscribed(session, chat_id, now, state=state)
    notice_id = await notices.draft(session, "Hello", now)
    assert await ledger.plan_notice(session, notice_id, now) == 2
    planned = await ledger.claim(session, now, LEASE, 9)
    assert [(digest.chat_id, digest.topic_id) for digest in planned] == [(1, 8), (2, None)]
    for digest in planned:
        assert (digest.kind, digest.layout, digest.notice_id) == (Kind.NOTICE, Layout.LIST, notice_id)
        assert (digest.state, digest.picks, digest.local_day) == (State.SENDING, (), None)


async def test_a_notice_without_readers_is_nobodys(session: AsyncSession, now: datetime) -> None:
    """Nothing is planned where nobody is active."""
    notice_id = await notices.draft(session, "Hello", now)
    assert await ledger.plan_notice(session, notice_id, now) == 0


async def test_a_notice_takes_no_day(session: AsyncSession, now: datetime) -> None:
    """The reader's daily digest comes all the same."""
    await subscribed(session, 5, now)
    for _ in range(2):
        await ledger.plan_notice(session, await notices.draft(session, "Hello", now), now)
    assert await ledger.plan(session, 5, Kind.DAILY, [], now, local_day=now.date()) is not None
    assert (await ledger.counts(session, now))[State.PLANNED] == 3

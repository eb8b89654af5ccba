from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import pytest
import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper, Pick, Slot
from storage import health, ledger, notices, readers, votes
from storage.database import Database
from storage.health import SlotRate
from storage.ledger import Kind
from storage.readers import Layout, ReaderState

HOUR = timedelta(hours=1)


@pytest.fixture
async def session(database: Database, store: Callable[..., Awaitable[object]]) -> AsyncIterator[AsyncSession]:
    """Open a transaction on a database with the papers 1 to 3."""
    await store(Paper(title="A"), Paper(title="B"), Paper(title="C"))
    async with database.writing() as session:
        yield session


async def show(
    session: AsyncSession, chat_id: int, now: datetime, picks: Sequence[Pick], why: str | None = None
) -> None:
    """Plan a digest and send it, or fail for a reason."""
    digest_id = await ledger.plan(session, chat_id, Kind.ASKED, picks, now)
    assert digest_id is not None
    await ledger.claim(session, now, HOUR, 1, digest_id=digest_id)
    if why is None:
        await settled.sent(session, digest_id, digest_id, now)
    else:
        await settled.failed(session, digest_id, why, now)


async def test_readers_are_counted_by_kind_and_state(session: AsyncSession, now: datetime) -> None:
    for chat_id, kind in ((1, "private"), (2, "private"), (-3, "group")):
        await readers.subscribe(session, chat_id, kind, now)
    assert await health.count_readers(session) == {
        ("private", ReaderState.ACTIVE): 2,
        ("group", ReaderState.ACTIVE): 1,
    }


async def test_new_readers_are_those_who_came_first_since_then(session: AsyncSession, now: datetime) -> None:
    """Whoever comes back is none."""
    await readers.subscribe(session, 1, "private", now - HOUR)
    await readers.subscribe(session, 1, "private", now)
    await readers.subscribe(session, 2, "private", now)
    assert await health.count_new_readers(session, now) == 1


async def test_failures_are_counted_by_reason_the_commonest_first(
    session: AsyncSession, now: datetime
) -> None:
    """Those of before are left out, and so is what arrived."""
    for chat_id, why in ((1, "flood"), (2, "blocked"), (3, "blocked"), (4, None)):
        await show(session, chat_id, now, [], why)
    await show(session, 5, now - HOUR, [], "flood")
    assert await health.failures(session, now, 5) == [("blocked", 2), ("flood", 1)]
    assert await health.failures(session, now, 1) == [("blocked", 2)]


async def test_a_pick_counts_once_by_what_its_chat_says(session: AsyncSession, now: datetime) -> None:
    """The greater number decides; a draw was voted on and is no like; other chats' votes are not asked."""
    taste = [Pick(1, 0.5, Slot.TASTE), Pick(2, 0.4, Slot.TASTE), Pick(3, 0.3, Slot.EXPLORE)]
    await show(session, 5, now, taste)
    for person, paper_id, up in ((1, 1, True), (2, 1, True), (3, 1, False), (1, 2, True), (2, 2, False)):
        await votes.put(session, 5, person, paper_id, up, now)
    await votes.put(session, 6, 1, 3, True, now)  # noqa: FBT003 - a vote up
    assert await health.slot_rates(session, now) == {
        Slot.TASTE: SlotRate(shown=2, voted=2, liked=1),
        Slot.EXPLORE: SlotRate(shown=1, voted=0, liked=0),
    }


async def test_what_did_not_arrive_or_is_old_has_no_rate(session: AsyncSession, now: datetime) -> None:
    pick = [Pick(1, 0.5, Slot.TASTE)]
    await show(session, 5, now, pick, "blocked")
    await show(session, 6, now - HOUR, pick)
    assert await health.slot_rates(session, now) == {}


async def test_of_many_digests_an_even_sample_is_looked_at(session: AsyncSession, now: datetime) -> None:
    """Of the first half as of the second: those of today may all be planned still."""
    taste, explore = Pick(1, 0.5, Slot.TASTE), Pick(2, 0.4, Slot.EXPLORE)
    for chat_id in range(12):
        await show(session, chat_id + 1, now, [taste if chat_id < 6 else explore])
    for most in (2, 4, 6):
        rates = await health.slot_rates(session, now, most)
        assert {slot: rate.shown for slot, rate in rates.items()} == dict.fromkeys(rates, most / 2)
        assert len(rates) == 2


async def test_the_room_that_the_database_takes_is_known(session: AsyncSession) -> None:
    assert await health.database_bytes(session) > 10_000


async def test_a_draft_can_be_thrown_away_until_it_is_sent(session: AsyncSession, now: datetime) -> None:
    first, second = [await notices.draft(session, "Hello", now) for _ in range(2)]
    assert await notices.discard(session, first)
    assert not await notices.discard(session, first)
    assert not await notices.release(session, first, now)
    assert await notices.release(session, second, now)
    assert not await notices.discard(session, second)
    assert await notices.get(session, second) == "Hello"


async def test_the_notice_sent_last_is_followed(session: AsyncSession, now: datetime) -> None:
    """A draft that is newer is not."""
    assert await notices.last_progress(session) is None
    for chat_id in (1, 2, 3):
        await readers.subscribe(session, chat_id, "private", now)
    notice_id = await notices.draft(session, "Hello", now)
    await notices.release(session, notice_id, now)
    await ledger.plan_notice(session, notice_id, now)
    await notices.draft(session, "Another", now)
    first, second, _ = await ledger.claim(session, now, HOUR, 3)
    await settled.sent(session, first.id, 1, now)
    await settled.failed(session, second.id, "blocked", now)
    progress = await notices.last_progress(session)
    assert progress
    assert (progress.arrived, progress.waiting, progress.lost) == (1, 1, 1)


async def test_a_channel_begins_with_cards(session: AsyncSession, now: datetime) -> None:
    """A reaction is to a whole message, and its reactions are a channel's votes."""
    channel, _ = await readers.subscribe(session, -100, "channel", now)
    group, _ = await readers.subscribe(session, -5, "group", now)
    assert (channel.layout, group.layout) == (Layout.CARDS, Layout.LIST)

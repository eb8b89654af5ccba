from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest
import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Candidate, Paper, Pick, Slot
from storage import hindsight, ledger, votes
from storage.database import Database
from storage.hindsight import Arrival, Showing
from storage.ledger import Kind

DAY = timedelta(days=1)


@pytest.fixture
async def session(
    database: Database, store: Callable[..., Awaitable[object]], now: datetime
) -> AsyncIterator[AsyncSession]:
    """Open a transaction on a database where paper 1 came a day after paper 2 did."""
    await store(Paper(title="late", upvotes=3, comments=1, featured=now.date()), at=now)
    await store(Paper(title="early"), at=now - DAY)
    async with database.writing() as session:
        yield session


async def deliver(session: AsyncSession, chat_id: int, slots: dict[int, Slot], at: datetime) -> None:
    """Plan a digest and have it arrive."""
    picks = [Pick(paper_id, 0.5, slot) for paper_id, slot in slots.items()]
    digest_id = await ledger.plan(session, chat_id, Kind.ASKED, picks, at)
    await ledger.claim(session, at, DAY, 1, digest_id=digest_id)
    assert digest_id is not None
    await settled.sent(session, digest_id, 1, at + timedelta(seconds=1))


async def test_papers_come_in_their_order(session: AsyncSession, now: datetime) -> None:
    """First come first, with what is known of their popularity; what is unknown counts as nothing."""
    assert await hindsight.arrivals(session) == [
        Arrival(Candidate(2), now - DAY),
        Arrival(Candidate(1, 3, 1, now.date()), now),
    ]


async def test_chats_that_voted_are_listed_once(session: AsyncSession, now: datetime) -> None:
    """However many votes they have, and no others."""
    for chat_id, paper_id in ((9, 1), (-5, 1), (9, 2)):
        await votes.put(session, chat_id, 7, paper_id, up=False, now=now)
    assert await hindsight.voting_chats(session) == [-5, 9]


async def test_what_arrived_is_told_oldest_first(session: AsyncSession, now: datetime) -> None:
    """Each digest with the moment of its planning and the slots of its papers, in one chat alone."""
    await deliver(session, 9, {1: Slot.TASTE}, now)
    await deliver(session, 9, {2: Slot.EXPLORE, 1: Slot.TRENDING}, now - DAY)
    await deliver(session, 5, {2: Slot.TASTE}, now)
    assert await hindsight.showings(session, 9) == [
        Showing(now - DAY, {2: Slot.EXPLORE, 1: Slot.TRENDING}),
        Showing(now, {1: Slot.TASTE}),
    ]


async def test_what_never_arrived_was_not_shown(session: AsyncSession, now: datetime) -> None:
    """A digest that still waits, failed, or holds nothing tells nothing."""
    await ledger.plan(session, 9, Kind.ASKED, [Pick(1, 0.5, Slot.TASTE)], now)
    await deliver(session, 9, {}, now)
    assert await hindsight.showings(session, 9) == []

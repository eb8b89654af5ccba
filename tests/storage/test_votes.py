from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper, Vote
from storage import votes
from storage.database import Database

HERE, THERE = -1_001_234_567_890, 7_000_000_000  # a supergroup and a private chat: both over 32 bits
ADA, BOB = 7_000_000_001, 7_000_000_002
HOUR = timedelta(hours=1)


@pytest.fixture
async def session(database: Database, store: Callable[..., Awaitable[object]]) -> AsyncIterator[AsyncSession]:
    """Open a transaction on a database with the papers 1, 2 and 3."""
    await store(*(Paper(title=title) for title in "ABC"))
    async with database.writing() as session:
        yield session


async def test_a_vote_is_kept(session: AsyncSession, now: datetime) -> None:
    """A thumb is read back by its person, its chat and its count."""
    await votes.put(session, HERE, ADA, 1, up=True, now=now)
    assert await votes.of_person(session, HERE, ADA, [1, 2]) == {1: True}
    assert await votes.of_chat(session, HERE) == [Vote(1, up=True, at=now)]
    assert await votes.tally(session, HERE, [1, 2]) == {1: (1, 0), 2: (0, 0)}


async def test_a_vote_can_be_changed(session: AsyncSession, now: datetime) -> None:
    """A second vote of a person on a paper replaces the first, and its time."""
    await votes.put(session, HERE, ADA, 1, up=True, now=now)
    await votes.put(session, HERE, ADA, 1, up=False, now=now + HOUR)
    assert await votes.of_chat(session, HERE) == [Vote(1, up=False, at=now + HOUR)]


async def test_a_vote_can_be_taken_back(session: AsyncSession, now: datetime) -> None:
    """Only the vote taken back goes; one that is not there may be taken back too."""
    await votes.put(session, HERE, ADA, 1, up=True, now=now)
    await votes.put(session, HERE, BOB, 1, up=False, now=now)
    await votes.take_back(session, HERE, ADA, 1)
    await votes.take_back(session, HERE, ADA, 2)
    assert await votes.tally(session, HERE, [1]) == {1: (0, 1)}


async def test_a_vote_is_never_seen_from_another_chat(session: AsyncSession, now: datetime) -> None:
    """What a person votes in one chat shows in no answer about another."""
    await votes.put(session, HERE, ADA, 1, up=True, now=now)
    assert await votes.of_person(session, THERE, ADA, [1]) == {}
    assert await votes.of_chat(session, THERE) == []
    assert await votes.tally(session, THERE, [1]) == {1: (0, 0)}
    assert await votes.liked(session, THERE, limit=9) == []
    assert await votes.count_liked(session, THERE) == 0


async def test_a_chats_votes_come_oldest_first(session: AsyncSession, now: datetime) -> None:
    """The history of a chat is in the order of time."""
    await votes.put(session, HERE, ADA, 1, up=True, now=now + HOUR)
    await votes.put(session, HERE, BOB, 2, up=True, now=now)
    assert [vote.paper_id for vote in await votes.of_chat(session, HERE)] == [2, 1]


async def test_liked_papers_come_once_and_newest_first(session: AsyncSession, now: datetime) -> None:
    """A paper that two people like is listed once, by its last like; one only disliked is not listed."""
    await votes.put(session, HERE, ADA, 1, up=True, now=now)
    await votes.put(session, HERE, ADA, 2, up=True, now=now + HOUR)
    await votes.put(session, HERE, BOB, 1, up=True, now=now + 2 * HOUR)
    await votes.put(session, HERE, BOB, 3, up=False, now=now + 3 * HOUR)
    assert await votes.liked(session, HERE, limit=9) == [(1, Paper(title="A")), (2, Paper(title="B"))]
    assert await votes.liked(session, HERE, limit=1, offset=1) == [(2, Paper(title="B"))]
    assert await votes.count_liked(session, HERE) == 2


async def test_a_liked_paper_stays_while_one_like_stands(session: AsyncSession, now: datetime) -> None:
    """A dislike by another person does not take a paper off the list."""
    await votes.put(session, HERE, ADA, 1, up=True, now=now)
    await votes.put(session, HERE, BOB, 1, up=False, now=now)
    assert await votes.count_liked(session, HERE) == 1


async def test_no_vote_on_no_paper(session: AsyncSession, now: datetime) -> None:
    """A vote on a paper that does not exist is refused."""
    with pytest.raises(IntegrityError):
        await votes.put(session, HERE, ADA, 99, up=True, now=now)

from __future__ import annotations

from datetime import datetime, timedelta

from delivered import deliver
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import tallies, votes
from storage.tallies import Ballot, Showing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PICKS = [Pick(1, 0.5, Slot.TASTE), Pick(2, 0.25, Slot.TASTE), Pick(3, 0.125, Slot.EXPLORE)]


async def test_votes_fall_into_the_span_that_they_were_cast_in(session: AsyncSession, now: datetime) -> None:
    """A span holds its start and not its end; the last one is open, and what is older is left out."""
    for age, (paper_id, up) in {2: (1, True), 1: (2, False), 0: (3, True)}.items():
        await votes.put(session, 5, 1, paper_id, up, now - age * DAY)
    await votes.put(session, 5, 2, 1, up=True, now=now - DAY)
    assert await tallies.by_span(session, 5, [now - DAY, now]) == [Ballot(1, 1), Ballot(1, 0)]
    assert await tallies.by_span(session, 5, [now - 3 * DAY]) == [Ballot(3, 1)]
    assert await tallies.by_span(session, 5, [now + DAY, now + 2 * DAY]) == [Ballot(), Ballot()]
    assert await tallies.by_span(session, 5, []) == []


async def test_the_first_vote_is_the_oldest_of_the_chat(session: AsyncSession, now: datetime) -> None:
    """Another chat's older vote is none of this one's; a chat without votes has no first."""
    await votes.put(session, 6, 1, 1, up=True, now=now - 9 * DAY)
    assert await tallies.first_vote(session, 5) is None
    await votes.put(session, 5, 1, 1, up=True, now=now)
    await votes.put(session, 5, 1, 2, up=False, now=now - DAY)
    assert await tallies.first_vote(session, 5) == now - DAY


async def test_picks_are_counted_by_slot_and_liked_once(session: AsyncSession, now: datetime) -> None:
    """A pick that two members like is one liked pick; a dislike and silence are none."""
    await deliver(session, 5, now, PICKS)
    for person in (1, 2):
        await votes.put(session, 5, person, 1, up=True, now=now)
    await votes.put(session, 5, 1, 3, up=False, now=now)
    assert await tallies.by_slot(session, 5) == {
        Slot.TASTE: Showing(2, 1),
        Slot.TRENDING: Showing(),
        Slot.EXPLORE: Showing(1, 0),
    }


async def test_nothing_of_another_chat_enters(session: AsyncSession, now: datetime) -> None:
    """What chat 6 was shown and likes is no part of the tallies of chat 5."""
    await deliver(session, 5, now, PICKS[:1])
    await deliver(session, 6, now, PICKS)
    await votes.put(session, 6, 1, 1, up=True, now=now)
    assert await tallies.by_slot(session, 5) == dict.fromkeys(Slot, Showing()) | {Slot.TASTE: Showing(1, 0)}
    assert await tallies.by_span(session, 5, [now - DAY]) == [Ballot()]


async def test_what_did_not_arrive_was_not_shown(session: AsyncSession, now: datetime) -> None:
    """A digest that is still on its way counts for nothing."""
    await deliver(session, 5, now, PICKS, arrives=False)
    assert await tallies.by_slot(session, 5) == dict.fromkeys(Slot, Showing())

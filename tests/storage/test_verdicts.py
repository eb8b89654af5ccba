from __future__ import annotations

from datetime import datetime, timedelta

from delivered import deliver
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import verdicts, votes
from storage.verdicts import Verdict

HOUR = timedelta(hours=1)
PICKS = [Pick(1, 0.5, Slot.TASTE), Pick(2, 0.25, Slot.TASTE), Pick(3, 0.125, Slot.TRENDING)]
EVERYTHING = 99


async def cast(session: AsyncSession, now: datetime, chat_id: int, *signed: int) -> None:
    """Vote as one person a vote: up by paper id, down by its negative."""
    for person, vote in enumerate(signed, start=1):
        await votes.put(session, chat_id, person, abs(vote), vote > 0, now)


async def test_only_votes_are_a_verdict(session: AsyncSession, now: datetime) -> None:
    """A like and a dislike are read with the scores shown; silence and other slots are not."""
    await deliver(session, 5, now, PICKS)
    await deliver(session, 6, now, PICKS)
    await cast(session, now, 5, 1, -2, 3)
    assert await verdicts.on_taste(session, now, EVERYTHING) == [
        Verdict(0.5, liked=True),
        Verdict(0.25, liked=False),
    ]


async def test_a_chat_speaks_with_one_voice(session: AsyncSession, now: datetime) -> None:
    """The greater number decides, and a draw is no verdict."""
    await deliver(session, 5, now, PICKS)
    await cast(session, now, 5, 1, 1, -1, 2, -2)
    assert await verdicts.on_taste(session, now, EVERYTHING) == [Verdict(0.5, liked=True)]


async def test_a_chat_speaks_of_its_own_picks(session: AsyncSession, now: datetime) -> None:
    """The votes of a chat that was shown nothing are no verdict on another chat's picks."""
    await deliver(session, 5, now, PICKS)
    await cast(session, now, 6, 1, -2)
    assert await verdicts.on_taste(session, now, EVERYTHING) == []


async def test_what_did_not_arrive_was_not_seen(session: AsyncSession, now: datetime) -> None:
    """A vote on a pick whose digest never came, or came before the span, says nothing of it."""
    await deliver(session, 5, now, PICKS, arrives=False)
    await deliver(session, 6, now - HOUR, PICKS)
    for chat_id in (5, 6):
        await cast(session, now, chat_id, 1)
    assert await verdicts.on_taste(session, now, EVERYTHING) == []


async def test_the_latest_come_first(session: AsyncSession, now: datetime) -> None:
    """Where there are more than are asked for, the newest are read."""
    await deliver(session, 5, now, PICKS[:1])
    await deliver(session, 5, now, PICKS[1:2])
    await cast(session, now, 5, 1, 2)
    assert await verdicts.on_taste(session, now, 1) == [Verdict(0.25, liked=True)]

"""Settling: what became of many digests is written at once, each as if it were alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import ledger
from storage.ledger import Digest, Kind, Outcome, State
from storage.states import Layout

LEASE = timedelta(minutes=2)


async def claimed(session: AsyncSession, now: datetime, *chat_ids: int) -> list[int]:
    """Plan a digest for each chat and claim them."""
    for chat_id in chat_ids:
        await ledger.plan(session, chat_id, Kind.ASKED, [], now)
    return [digest.id for digest in await ledger.claim(session, now, LEASE, len(chat_ids))]


async def read(session: AsyncSession, chat_id: int, digest_id: int) -> Digest:
    digest = await ledger.get(session, chat_id, digest_id)
    assert digest is not None
    return digest


async def test_each_ends_as_it_was_told(session: AsyncSession, now: datetime) -> None:
    """Sent, failed, skipped and planned again, all in one go."""
    one, two, three, four = await claimed(session, now, 5, 6, 7, 8)
    outcomes = [
        Outcome(
            digest_id=four, state=State.PLANNED, why="later", not_before=now + LEASE, attempts=1, unanswered=1
        ),
        Outcome(digest_id=one, state=State.SENT, message_id=70),
        Outcome(digest_id=three, state=State.SKIPPED, why="late"),
        Outcome(digest_id=two, state=State.FAILED, why="refused"),
    ]
    assert await ledger.settle(session, outcomes, now) == set()
    digests = [await read(session, chat, id_) for chat, id_ in ((5, one), (6, two), (7, three), (8, four))]
    assert [(digest.state, digest.message_id, digest.why) for digest in digests] == [
        (State.SENT, 70, None),
        (State.FAILED, None, "refused"),
        (State.SKIPPED, None, "late"),
        (State.PLANNED, None, "later"),
    ]
    assert [(digest.attempts, digest.unanswered) for digest in digests] == [(0, 0), (0, 0), (0, 0), (1, 1)]
    assert [digest.id for digest in await ledger.claim(session, now + LEASE, LEASE, 9)] == [four]


async def test_one_that_is_not_being_sent_is_named_and_stops_no_other(
    session: AsyncSession, now: datetime
) -> None:
    """Settled before, forgotten or unknown: nothing is written of it."""
    one, two = await claimed(session, now, 5, 6)
    await settled.failed(session, one, "refused", now)
    outcomes = [Outcome(digest_id=id_, state=State.SENT, message_id=id_) for id_ in (one, two, 99)]
    assert await ledger.settle(session, outcomes, now) == {one, 99}
    assert (await read(session, 5, one)).state is State.FAILED
    assert (await read(session, 6, two)).state is State.SENT


async def test_nothing_is_settled_of_nothing(session: AsyncSession, now: datetime) -> None:
    assert await ledger.settle(session, [], now) == set()


async def test_an_earlier_reason_stays_where_none_is_told(session: AsyncSession, now: datetime) -> None:
    """The ledger still says that a digest had to wait before it arrived."""
    (one,) = await claimed(session, now, 5)
    await settled.put_off(session, one, now, "flood control")
    await ledger.claim(session, now, LEASE, 9)
    await settled.sent(session, one, 70, now)
    assert (await read(session, 5, one)).why == "flood control"


async def test_cards_of_many_chats_each_let_their_next_one_go(session: AsyncSession, now: datetime) -> None:
    """But not that of a chat whose card has to wait."""
    picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in (1, 2)]
    leads = [
        await ledger.plan(session, chat_id, Kind.ASKED, picks, now, layout=Layout.CARDS)
        for chat_id in (5, 6, 7)
    ]
    first, second, third = [digest.id for digest in await ledger.claim(session, now, LEASE, 9)]
    assert [first, second, third] == leads
    outcomes = [
        Outcome(digest_id=first, state=State.SENT, message_id=70),
        Outcome(digest_id=second, state=State.PLANNED, not_before=now + LEASE),
        Outcome(digest_id=third, state=State.FAILED, why="refused"),
    ]
    await ledger.settle(session, outcomes, now)
    assert [digest.chat_id for digest in await ledger.claim(session, now, LEASE, 9)] == [5, 7]


async def test_one_that_another_took_over_is_left_to_that_one(session: AsyncSession, now: datetime) -> None:
    """Unless it arrived: that is so whoever sends it now, and it is not to arrive again."""
    for chat_id in (5, 6):
        await ledger.plan(session, chat_id, Kind.ASKED, [], now)
    slept = await ledger.claim(session, now, -LEASE, 9)
    heirs = await ledger.claim(session, now, LEASE, 9)
    refused, arrived = [digest.id for digest in slept]
    outcomes = [
        Outcome(digest_id=refused, state=State.FAILED, why="refused", held_until=slept[0].held_until),
        Outcome(digest_id=arrived, state=State.SENT, message_id=70),
    ]
    assert await ledger.settle(session, outcomes, now) == {refused}
    assert (await read(session, 5, refused)).state is State.SENDING
    assert (await read(session, 6, arrived)).state is State.SENT
    by_heir = Outcome(digest_id=refused, state=State.SENT, message_id=71, held_until=heirs[0].held_until)
    assert await ledger.settle(session, [by_heir], now) == set()

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pytest
import settled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot, Vote
from storage import crowd, history, ledger, misdated, readers, votes
from storage.ledger import Kind, State
from storage.readers import Reader, ReaderState
from storage.tables import VOTES

HERE, THERE, ELSEWHERE = -1_001_234_567_890, 5, 2**40
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEW = timedelta(days=7)


async def subscribe(session: AsyncSession, reader: Reader, now: datetime) -> Reader:
    await readers.subscribe(session, reader.chat_id, reader.kind, now)
    await readers.save(session, reader)
    return reader


class TestWhoIsDue:
    async def test_all_who_are_due_are_named_in_order(self, session: AsyncSession, now: datetime) -> None:
        """Whenever they fell due; none who is away, or due later or never."""
        cases = [
            Reader(chat_id=ELSEWHERE, kind="private", next_due_at=now - DAY),
            Reader(chat_id=THERE, kind="private", next_due_at=now),
            Reader(chat_id=HERE, kind="group", next_due_at=now - HOUR),
            Reader(chat_id=6, kind="private", next_due_at=now + timedelta.resolution),
            Reader(chat_id=7, kind="private"),
            Reader(chat_id=8, kind="private", next_due_at=now, state=ReaderState.BLOCKED),
        ]
        for reader in cases:
            await subscribe(session, reader, now)
        assert (await readers.due_ids(session, now)).tolist() == [HERE, THERE, ELSEWHERE]
        assert await readers.due_between(session, HERE, ELSEWHERE, now, 9) == [cases[2], cases[1], cases[0]]

    async def test_a_range_has_both_ends_and_a_limit(self, session: AsyncSession, now: datetime) -> None:
        for chat_id in range(1, 7):
            await subscribe(session, Reader(chat_id=chat_id, kind="private", next_due_at=now), now)
        found = await readers.due_between(session, 2, 5, now, 9)
        assert [reader.chat_id for reader in found] == [2, 3, 4, 5]
        assert await readers.due_between(session, 2, 5, now, 3) == found[:3]

    async def test_where_nobody_is_due_nobody_is_named(self, session: AsyncSession, now: datetime) -> None:
        assert (await readers.due_ids(session, now)).tolist() == []


async def vote(session: AsyncSession, chat_id: int, cast: Vote, person_id: int = 9) -> None:
    await votes.put(session, chat_id, person_id, cast.paper_id, cast.up, cast.at)


class TestVotes:
    async def test_votes_stand_by_chat_and_the_newest_first(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """Several people's votes on one paper among them; other chats' are left out."""
        await vote(session, THERE, Vote(1, up=True, at=now))
        await vote(session, THERE, Vote(2, up=False, at=now + HOUR))
        await vote(session, THERE, Vote(2, up=True, at=now - HOUR), person_id=8)
        await vote(session, THERE, Vote(3, up=True, at=now + HOUR))
        await vote(session, HERE, Vote(3, up=False, at=now))
        await vote(session, ELSEWHERE, Vote(3, up=True, at=now))
        found = await crowd.votes_of(session, np.array([THERE, HERE, 77]))
        rows = zip(found.chat_ids.tolist(), found.paper_ids.tolist(), found.up.tolist(), strict=True)
        assert [*rows] == [
            (HERE, 3, False),
            (THERE, 3, True),
            (THERE, 2, False),
            (THERE, 1, True),
            (THERE, 2, True),
        ]

    async def test_of_nobody_there_are_none(self, session: AsyncSession) -> None:
        assert len((await crowd.votes_of(session, [])).chat_ids) == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cast=st.dictionaries(
        st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 2)),
        st.tuples(st.booleans(), st.integers(0, 2)),
    )
)
async def test_votes_are_what_each_chat_alone_has(
    session: AsyncSession, now: datetime, cast: dict[tuple[int, int, int], tuple[bool, int]]
) -> None:
    """In the very order of the newest first of one chat's."""
    await session.execute(delete(VOTES))
    for (chat_id, paper_id, person_id), (up, hours) in cast.items():
        await vote(session, chat_id, Vote(paper_id, up, now + hours * HOUR), person_id)
    found = await crowd.votes_of(session, [1, 2, 3])
    for chat_id in (1, 2, 3):
        is_theirs = found.chat_ids == chat_id
        alone = reversed(await votes.of_chat(session, chat_id))
        assert [(each.paper_id, each.up) for each in alone] == [
            *zip(found.paper_ids[is_theirs].tolist(), found.up[is_theirs].tolist(), strict=True)
        ]


async def promise(
    session: AsyncSession, chat_id: int, at: datetime, paper_ids: Sequence[int], becomes: State
) -> None:
    """Plan a digest and bring it as far as that."""
    picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in paper_ids]
    digest_id = await ledger.plan(session, chat_id, Kind.ASKED, picks, at)
    assert digest_id is not None
    if becomes is not State.PLANNED:
        await ledger.claim(session, at, HOUR, 1, digest_id=digest_id)
    ends = {State.SENT: State.SENT, State.FAILED: State.FAILED, State.SKIPPED: State.SKIPPED}
    if becomes in ends:
        await ledger.settle(session, [ledger.Outcome(digest_id=digest_id, state=becomes)], at)


class TestGiven:
    @pytest.mark.parametrize("state", State)
    async def test_it_is_what_each_chat_alone_was_given(
        self, session: AsyncSession, now: datetime, state: State
    ) -> None:
        """Promised, on its way or there, until the promise is broken."""
        await promise(session, HERE, now, [2, 1], state)
        await promise(session, THERE, now, [1], State.SENT)
        found = await crowd.given_of(session, [THERE, HERE], [1, 3], now - NEW)
        pairs = [*zip(found.chat_ids.tolist(), found.paper_ids.tolist(), strict=True)]
        alone = await history.given(session, HERE, [1, 3])
        assert pairs == [*((HERE, paper_id) for paper_id in alone), (THERE, 1)]

    async def test_what_was_given_twice_is_told_once(self, session: AsyncSession, now: datetime) -> None:
        for chat_id in (THERE, HERE, THERE):
            await promise(session, chat_id, now, [3, 1], State.SENT)
        found = await crowd.given_of(session, [HERE, THERE], [1, 2, 3], now - NEW)
        assert found.chat_ids.tolist() == [HERE, HERE, THERE, THERE]
        assert found.paper_ids.tolist() == [1, 3, 1, 3]

    async def test_only_digests_since_the_papers_came_are_looked_at(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """With a day to spare, for the clock may have been set right in between."""
        await promise(session, HERE, now - DAY, [1], State.SENT)
        await promise(session, HERE, now - DAY - HOUR, [2], State.SENT)
        found = await crowd.given_of(session, [HERE], [1, 2], now)
        assert found.paper_ids.tolist() == [1]

    async def test_of_no_papers_none_were_given(self, session: AsyncSession, now: datetime) -> None:
        await promise(session, HERE, now, [1], State.SENT)
        found = await crowd.given_of(session, [HERE], [], now)
        assert (found.chat_ids.tolist(), found.paper_ids.tolist()) == ([], [])


async def test_who_was_sent_a_daily_digest_is_told(session: AsyncSession, now: datetime) -> None:
    """As `misdated.was_sent` tells it of each: none that was asked for, is yet to be sent, or came before."""
    sent = {
        1: (Kind.DAILY, now),
        2: (Kind.DAILY, now - HOUR),
        3: (Kind.DAILY, now - DAY),
        4: (Kind.ASKED, now),
    }
    for chat_id, (kind, at) in sent.items():
        day = at.date() if kind is Kind.DAILY else None
        lead_id = await ledger.plan(session, chat_id, kind, [], at, local_day=day)
        await ledger.claim(session, at, HOUR, 1, digest_id=lead_id)
        await settled.sent(session, lead_id or 0, 1, at)
    await ledger.plan(session, 5, Kind.DAILY, [], now, local_day=now.date())
    assert await crowd.sent_daily(session, range(1, 7), now - HOUR, now) == {1, 2}
    alone = {chat for chat in range(1, 7) if await misdated.was_sent(session, chat, now - HOUR, now)}
    assert alone == {1, 2}


async def test_the_last_day_of_each_chat_is_told(session: AsyncSession, now: datetime) -> None:
    """Whatever became of it; a chat with no row for a day is left out."""
    await ledger.plan(session, HERE, Kind.DAILY, [], now, local_day=date(2026, 1, 31))
    await ledger.skip(session, HERE, date(2026, 2, 1), "late", now)
    await ledger.skip(session, HERE, date(2026, 1, 30), "late", now)
    await ledger.plan(session, HERE, Kind.ASKED, [], now)
    await ledger.skip(session, THERE, date(2026, 1, 1), "late", now)
    await ledger.plan(session, 6, Kind.ASKED, [], now)
    await ledger.skip(session, ELSEWHERE, date(2026, 1, 1), "late", now)
    assert await crowd.last_days(session, np.array([HERE, THERE, 6, 7])) == {
        HERE: await ledger.last_day(session, HERE),
        THERE: date(2026, 1, 1),
    }

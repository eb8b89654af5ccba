from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from itertools import chain

import pytest
import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper, Pick, Reason, Slot
from storage import ledger
from storage.database import Database
from storage.ledger import Digest, Kind, Lack, Outcome, State

LEASE = timedelta(minutes=2)
RUN_OUT = timedelta(seconds=-1)  # over as soon as it begins, by whosever clock
TODAY = date(2026, 1, 31)
PICKS = (
    Pick(2, 0.75, Slot.TASTE, Reason(1, ("graph", "naïve"))),
    Pick(1, -0.5, Slot.EXPLORE, propensity=0.0125),
)


@pytest.fixture
async def session(database: Database, store: Callable[..., Awaitable[object]]) -> AsyncIterator[AsyncSession]:
    """Open a transaction on a database with the papers 1 and 2."""
    await store(Paper(title="A"), Paper(title="B"))
    async with database.writing() as session:
        yield session


async def asked(session: AsyncSession, chat_id: int, now: datetime) -> int:
    """Plan a digest that a chat asked for."""
    digest_id = await ledger.plan(session, chat_id, Kind.ASKED, PICKS, now)
    assert digest_id is not None
    return digest_id


async def claim_ids(session: AsyncSession, now: datetime, limit: int = 9) -> list[int]:
    """Claim what there is and name it."""
    return [digest.id for digest in await ledger.claim(session, now, LEASE, limit)]


class TestPlanning:
    async def test_a_digest_comes_back_as_planned(self, session: AsyncSession, now: datetime) -> None:
        """Picks keep their order, scores, slots, reasons and propensities."""
        digest_id = await ledger.plan(session, 5, Kind.DAILY, PICKS, now, local_day=TODAY)
        assert digest_id is not None
        assert await ledger.get(session, 5, digest_id) == Digest(
            id=digest_id,
            chat_id=5,
            kind=Kind.DAILY,
            local_day=TODAY,
            state=State.PLANNED,
            picks=PICKS,
            lack=None,
            message_id=None,
            attempts=0,
            planned_at=now,
            why=None,
        )

    async def test_a_digest_without_picks_says_what_it_lacked(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """It still does when its sending was put off."""
        await ledger.plan(session, 5, Kind.DAILY, [], now, local_day=TODAY, lack=Lack.STRONG)
        [digest] = await ledger.claim(session, now, LEASE, 9)
        await settled.put_off(session, digest.id, now, "flood control")
        [again] = await ledger.claim(session, now, LEASE, 9)
        assert (again.picks, again.lack, again.why) == ((), Lack.STRONG, "flood control")

    async def test_a_digest_is_its_chats_own(self, session: AsyncSession, now: datetime) -> None:
        """Another chat cannot read a digest by its id; an unknown id is None."""
        digest_id = await asked(session, 5, now)
        assert await ledger.get(session, 6, digest_id) is None
        assert await ledger.get(session, 5, 99) is None

    async def test_a_day_has_one_row(self, session: AsyncSession, now: datetime) -> None:
        """A second digest for a chat's day, or a skip of it, changes nothing; another chat's day is free."""
        first = await ledger.plan(session, 5, Kind.DAILY, PICKS, now, local_day=TODAY)
        assert first is not None
        assert await ledger.plan(session, 5, Kind.DAILY, [], now, local_day=TODAY) is None
        await ledger.skip(session, 5, TODAY, "late", now)
        digest = await ledger.get(session, 5, first)
        assert digest is not None
        assert (digest.state, digest.picks) == (State.PLANNED, PICKS)
        assert await ledger.plan(session, 6, Kind.DAILY, [], now, local_day=TODAY) is not None

    async def test_a_skipped_day_is_taken(self, session: AsyncSession, now: datetime) -> None:
        """A day that was skipped gets no digest afterwards, and is never claimed."""
        await ledger.skip(session, 5, TODAY, "late", now)
        assert await ledger.plan(session, 5, Kind.DAILY, PICKS, now, local_day=TODAY) is None
        assert await claim_ids(session, now) == []
        assert (await ledger.counts(session, now))[State.SKIPPED] == 1

    async def test_a_day_has_one_row_under_concurrency(self, database: Database, now: datetime) -> None:
        """Of twenty that plan one day at once, one gets it."""

        async def plan() -> int | None:
            async with database.writing() as session:
                return await ledger.plan(session, 5, Kind.DAILY, [], now, local_day=TODAY)

        planned = await asyncio.gather(*(plan() for _ in range(20)))
        assert len([digest_id for digest_id in planned if digest_id]) == 1

    async def test_a_chat_may_ask_as_often_as_it_likes(self, session: AsyncSession, now: datetime) -> None:
        """Asked digests have no day, and so never collide."""
        assert await asked(session, 5, now) != await asked(session, 5, now)

    @pytest.mark.parametrize(("kind", "day"), [(Kind.DAILY, None), (Kind.ASKED, TODAY)])
    async def test_a_kind_without_its_day_is_a_bug(
        self, session: AsyncSession, now: datetime, kind: Kind, day: date | None
    ) -> None:
        """A daily digest without a day, or an asked one with one, is refused."""
        with pytest.raises(ValueError, match="local day"):
            await ledger.plan(session, 5, kind, [], now, local_day=day)


class TestClaiming:
    async def test_a_claimed_digest_is_being_sent(self, session: AsyncSession, now: datetime) -> None:
        """A claim gives the whole digest, counts as no attempt, and is not given to the next who asks."""
        digest_id = await asked(session, 5, now)
        [digest] = await ledger.claim(session, now, LEASE, 9)
        assert (digest.id, digest.state, digest.attempts, digest.picks) == (
            digest_id,
            State.SENDING,
            0,
            PICKS,
        )
        assert await claim_ids(session, now) == []

    async def test_what_a_vanished_sender_claimed_may_be_claimed_again(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """By one, and nothing is counted against it."""
        digest_id = await asked(session, 5, now)
        await ledger.claim(session, now, RUN_OUT, 9)
        [digest] = await ledger.claim(session, now, LEASE, 9)
        assert (digest.id, digest.attempts, digest.unanswered) == (digest_id, 0, 0)
        assert await claim_ids(session, now) == []

    async def test_nothing_is_claimed_before_its_time(self, session: AsyncSession, now: datetime) -> None:
        """A digest planned for later waits."""
        digest_id = await asked(session, 5, now + LEASE)
        assert await claim_ids(session, now) == []
        assert await claim_ids(session, now + LEASE) == [digest_id]

    async def test_the_oldest_come_first(self, session: AsyncSession, now: datetime) -> None:
        """What fell due first is claimed first, within the limit."""
        late = await asked(session, 1, now)
        early = await asked(session, 2, now - LEASE)
        also_late = await asked(session, 3, now)
        assert await claim_ids(session, now, limit=2) == [early, late]
        assert await claim_ids(session, now) == [also_late]

    async def test_one_in_flight_a_chat(self, session: AsyncSession, now: datetime) -> None:
        """A chat's second digest waits until the first is settled."""
        first, second = await asked(session, 5, now), await asked(session, 5, now)
        assert await claim_ids(session, now) == [first]
        assert await claim_ids(session, now) == []
        await settled.sent(session, first, 1, now)
        assert await claim_ids(session, now) == [second]

    async def test_two_leases_that_ran_out_are_taken_one_by_one(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """Also after a crash a chat has one digest in flight."""
        both = {await asked(session, 5, now), await asked(session, 5, now)}
        await ledger.claim(session, now, RUN_OUT, 9)
        (taken,) = await claim_ids(session, now)
        assert await claim_ids(session, now) == []
        await settled.sent(session, taken, 1, now)
        assert {*await claim_ids(session, now), taken} == both

    async def test_one_may_be_asked_for(self, session: AsyncSession, now: datetime) -> None:
        """A digest claimed by its id passes what its chat waits for, but not what is in flight."""
        first, second = await asked(session, 5, now), await asked(session, 5, now)
        await asked(session, 6, now)
        [digest] = await ledger.claim(session, now, LEASE, 9, digest_id=second)
        assert digest.id == second
        assert await ledger.claim(session, now, LEASE, 9, digest_id=first) == []

    async def test_no_digest_is_claimed_twice(
        self, database: Database, url: str, session: AsyncSession, now: datetime
    ) -> None:
        """Two processes that claim at once share the digests and get none twice."""
        planned = [await asked(session, chat_id, now) for chat_id in range(60)]
        await session.commit()
        second = Database(url)

        async def claim(process: Database) -> list[int]:
            async with process.writing() as claiming:
                return await claim_ids(claiming, now, limit=5)

        claimed = await asyncio.gather(*(claim(process) for process in [database, second] * 10))
        await second.close()
        assert sorted(chain.from_iterable(claimed)) == planned


class TestSettling:
    async def test_a_sent_digest_has_its_message(self, session: AsyncSession, now: datetime) -> None:
        """What arrived is known by its message and never claimed again."""
        digest_id = await asked(session, 5, now)
        await claim_ids(session, now)
        await settled.sent(session, digest_id, 77, now)
        digest = await ledger.get(session, 5, digest_id)
        assert digest is not None
        assert (digest.state, digest.message_id) == (State.SENT, 77)
        assert await claim_ids(session, now + 9 * LEASE) == []

    async def test_a_failed_digest_says_why(self, session: AsyncSession, now: datetime) -> None:
        """What failed keeps its reason and is never claimed again."""
        digest_id = await asked(session, 5, now)
        await claim_ids(session, now)
        await settled.failed(session, digest_id, "bad request", now)
        digest = await ledger.get(session, 5, digest_id)
        assert digest is not None
        assert (digest.state, digest.why) == (State.FAILED, "bad request")
        assert await claim_ids(session, now + 9 * LEASE) == []

    async def test_a_retry_waits_for_its_time(self, session: AsyncSession, now: datetime) -> None:
        """What is tried again is claimed when its time comes; to be told to wait is no attempt."""
        digest_id = await asked(session, 5, now)
        await claim_ids(session, now)
        await settled.put_off(session, digest_id, now + 3 * LEASE, "flood")
        assert await claim_ids(session, now + 2 * LEASE) == []
        [digest] = await ledger.claim(session, now + 3 * LEASE, LEASE, 9)
        assert (digest.attempts, digest.why) == (0, "flood")

    @pytest.mark.parametrize("becomes", [State.SENT, State.FAILED, State.SKIPPED, State.PLANNED])
    async def test_only_what_is_being_sent_can_be_settled(
        self, session: AsyncSession, now: datetime, becomes: State
    ) -> None:
        """A digest that nobody claimed, or that is settled, is named, and nothing is written of it."""
        digest_id = await asked(session, 5, now)
        outcome = Outcome(digest_id=digest_id, state=becomes)
        assert await ledger.settle(session, [outcome], now) == {digest_id}
        await claim_ids(session, now)
        assert await ledger.settle(session, [outcome], now) == set()
        assert await ledger.settle(session, [outcome], now) == {digest_id}

    async def test_counts_begin_when_asked_to(self, session: AsyncSession, now: datetime) -> None:
        """Digests are counted by state from a moment on; a state without any is nought."""
        await asked(session, 1, now - LEASE)
        await asked(session, 2, now)
        await asked(session, 3, now)
        await claim_ids(session, now, limit=1)
        assert await ledger.counts(session, now) == dict.fromkeys(State, 0) | {State.PLANNED: 2}
        assert (await ledger.counts(session, now - LEASE))[State.SENDING] == 1

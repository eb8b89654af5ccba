"""Claims: leases that are renewed, what a vanished process held, and two who claim at the same moment."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import ledger
from storage.database import Database
from storage.ledger import Kind, State
from storage.states import Layout

LEASE = timedelta(minutes=2)
RUN_OUT = timedelta(seconds=-1)  # over as soon as it begins, by whosever clock


async def plan(session: AsyncSession, chat_id: int, now: datetime) -> int:
    digest_id = await ledger.plan(session, chat_id, Kind.ASKED, [], now)
    assert digest_id is not None
    return digest_id


async def claim(session: AsyncSession, now: datetime, lease: timedelta = LEASE) -> list[int]:
    return [digest.id for digest in await ledger.claim(session, now, lease, 9)]


async def test_what_is_renewed_is_nobody_elses(session: AsyncSession, now: datetime) -> None:
    """Only what is named is renewed, and only as long as it is being sent; its lease may have run out."""
    for chat_id in (5, 6, 7):
        await plan(session, chat_id, now)
    kept, let_go, arrived = await ledger.claim(session, now, RUN_OUT, 9)
    await settled.sent(session, arrived.id, 1, now)
    leases = {each.id: each.held_until for each in (kept, arrived) if each.held_until}
    renewed = await ledger.renew(session, leases, now, LEASE)
    assert renewed.keys() == {kept.id}
    assert renewed[kept.id] - leases[kept.id] >= LEASE
    assert await claim(session, now) == [let_go.id]
    assert await ledger.renew(session, renewed, now, LEASE), "again and again"


async def test_what_another_took_over_is_not_renewed(session: AsyncSession, now: datetime) -> None:
    """Neither while that one sends it nor once its lease ran out, too."""
    await plan(session, 5, now)
    (slept,) = await ledger.claim(session, now, RUN_OUT, 9)
    assert slept.held_until
    assert await claim(session, now, RUN_OUT / 2) == [slept.id]
    assert await ledger.renew(session, {slept.id: slept.held_until}, now, LEASE) == {}
    assert await claim(session, now) == [slept.id]


@pytest.mark.usefixtures("file")
async def test_alone_a_lease_lasts_by_ones_own_clock(session: AsyncSession, now: datetime) -> None:
    digest_id = await plan(session, 5, now)
    await claim(session, now)
    assert await claim(session, now + LEASE - timedelta.resolution) == []
    assert await claim(session, now + LEASE) == [digest_id]


async def test_shared_a_lease_lasts_by_the_databases_clock(empty_postgres_url: str, now: datetime) -> None:
    """Whatever the hosts' show, that of the one who claimed and that of the one who looks."""
    hour = timedelta(hours=1)
    database = Database(empty_postgres_url)
    async with database.writing() as session:
        lasting, run_out = await plan(session, 5, now - hour), await plan(session, 6, now - hour)
        await ledger.claim(session, now - hour, LEASE, 9, digest_id=lasting)
        await ledger.claim(session, now + hour, RUN_OUT, 9, digest_id=run_out)
        assert await claim(session, now - hour) == [run_out]
        assert await claim(session, now + hour) == []
    await database.close()


async def test_what_a_vanished_process_held_is_due_at_once(session: AsyncSession, now: datetime) -> None:
    """Before what was planned later; what is known of earlier requests stays known."""
    first = await plan(session, 5, now)
    await claim(session, now)
    silence = ledger.Outcome(
        digest_id=first, state=State.PLANNED, why="TimedOut", not_before=now, attempts=1, unanswered=1
    )
    await ledger.settle(session, [silence], now)
    await claim(session, now)
    second = await plan(session, 6, now + timedelta(seconds=1))
    assert await ledger.recover(session) == 1
    taken_up, _ = await ledger.claim(session, now + timedelta(seconds=2), LEASE, 9)
    assert (taken_up.id, taken_up.attempts, taken_up.unanswered, taken_up.why) == (first, 1, 1, "TimedOut")
    assert second != first


async def test_cards_that_wait_for_one_that_is_recovered_wait_on(
    session: AsyncSession, now: datetime
) -> None:
    """A card that was not sent yet makes none of those behind it due."""
    picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in (3, 1, 2)]
    lead_id = await ledger.plan(session, 5, Kind.ASKED, picks, now, layout=Layout.CARDS)
    await claim(session, now)
    await ledger.recover(session)
    assert await claim(session, now) == [lead_id]
    assert await claim(session, now) == []


async def test_nothing_is_recovered_where_nothing_was_held(session: AsyncSession, now: datetime) -> None:
    await plan(session, 5, now)
    assert await ledger.recover(session) == 0


async def test_two_that_claim_at_once_never_have_two_of_one_chat(
    database: Database, url: str, now: datetime
) -> None:
    """Also where one of them asks for a digest by its id, which may pass what else its chat waits for."""
    chats = range(5, 25)
    async with database.writing() as session:
        for chat_id in chats:
            await plan(session, chat_id, now)
        asked = [await plan(session, chat_id, now) for chat_id in chats]
    second = Database(url)

    async def take(process: Database, digest_id: int | None) -> list[int]:
        async with process.writing() as session:
            claimed = await ledger.claim(session, now, LEASE, 3, digest_id=digest_id)
            return [digest.chat_id for digest in claimed]

    takes = [take(second, digest_id) for digest_id in asked] + [take(database, None) for _ in range(10)]
    claimed = [chat_id for taken in await asyncio.gather(*takes) for chat_id in taken]
    await second.close()
    assert len(claimed) == len(set(claimed)) > 0

"""What becomes of rows that a clock which was ahead has dated."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import settled
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import history, ledger, misdated, readers
from storage.ledger import Kind
from storage.states import Layout
from storage.tables import DIGESTS

CHAT = 5
AHEAD = timedelta(days=30)
LEASE = timedelta(minutes=5)


async def plan(session: AsyncSession, day: date, at: datetime, *paper_ids: int, cards: bool = False) -> int:
    picks = [Pick(paper_id, 1.0, Slot.TRENDING) for paper_id in paper_ids]
    layout = Layout.CARDS if cards else Layout.LIST
    planned = await ledger.plan(session, CHAT, Kind.DAILY, picks, at, local_day=day, layout=layout)
    assert planned
    return planned


async def rows(session: AsyncSession) -> list[tuple[date | None, str]]:
    found = await session.execute(select(DIGESTS.c.local_day, DIGESTS.c.state).order_by(DIGESTS.c.id))
    return [(row.local_day, row.state) for row in found]


@pytest.fixture(autouse=True)
async def reader(session: AsyncSession, now: datetime) -> None:
    """Subscribe the chat that the rows are of."""
    await readers.subscribe(session, CHAT, "private", now)


async def test_days_to_come_are_free_again(session: AsyncSession, now: datetime) -> None:
    """What was skipped and what waits goes, cards and all, and its papers may be picked again."""
    then = now + AHEAD
    await ledger.skip_days(session, CHAT, [then.date() - timedelta(days=day) for day in (1, 2)], "late", then)
    await plan(session, then.date(), then, 1, 2, cards=True)
    assert await misdated.take_back(session, now) == 1
    assert await rows(session) == []
    assert await history.given(session, CHAT, [1, 2]) == set()


async def test_what_was_sent_stays_sent_and_loses_its_day(session: AsyncSession, now: datetime) -> None:
    then = now + AHEAD
    await plan(session, then.date(), then, 1)
    (digest,) = await ledger.claim(session, then, LEASE, 1)
    await settled.sent(session, digest.id, 99, then)
    await misdated.take_back(session, now)
    assert await rows(session) == [(None, "sent")]
    assert await history.given(session, CHAT, [1]) == {1}


@pytest.mark.parametrize("days", [0, 1])
async def test_a_digest_of_today_or_tomorrow_keeps_its_day(
    session: AsyncSession, now: datetime, days: int
) -> None:
    """The clock went back by little: who had the day's digest gets no second."""
    day = now.date() + timedelta(days=days)
    await plan(session, day, now, 1)
    (digest,) = await ledger.claim(session, now, LEASE, 1)
    await settled.sent(session, digest.id, 99, now)
    await misdated.take_back(session, now)
    assert await rows(session) == [(day, "sent")]


async def test_a_plan_of_today_stays(session: AsyncSession, now: datetime) -> None:
    await plan(session, now.date(), now + timedelta(seconds=10), 1)
    assert await misdated.take_back(session, now) == 0
    assert await rows(session) == [(now.date(), "planned")]


async def test_what_waits_is_due_now_and_a_lease_of_days_is_none(
    session: AsyncSession, now: datetime
) -> None:
    then = now + AHEAD
    waiting = await ledger.plan(session, CHAT, Kind.ASKED, [Pick(1, 1.0, Slot.TRENDING)], then)
    await session.execute(update(DIGESTS).where(DIGESTS.c.id == waiting).values(state="sending"))
    await ledger.plan(session, CHAT + 1, Kind.ASKED, [Pick(1, 1.0, Slot.TRENDING)], then)
    await misdated.take_back(session, now)
    claimed = await ledger.claim(session, now, LEASE, 10)
    assert {digest.chat_id for digest in claimed} == {CHAT, CHAT + 1}


async def test_a_digest_that_lost_its_day_was_sent_all_the_same(session: AsyncSession, now: datetime) -> None:
    await plan(session, now.date(), now, 1)
    (digest,) = await ledger.claim(session, now, LEASE, 1)
    await settled.sent(session, digest.id, 99, now)
    hour = timedelta(hours=1)
    assert await misdated.was_sent(session, CHAT, now - hour, now)
    assert not await misdated.was_sent(session, CHAT, now + hour, now + AHEAD)
    assert not await misdated.was_sent(session, CHAT, now - 2 * hour, now - hour)
    assert not await misdated.was_sent(session, CHAT + 1, now - hour, now)

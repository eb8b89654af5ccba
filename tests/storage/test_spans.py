"""Where a time stands in the ledger, found in few looks; and samples of what was planned since."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage import spans
from storage.tables import DIGESTS

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MANY = 20_000


@pytest.fixture
async def ledger(session: AsyncSession, now: datetime) -> AsyncSession:
    """A ledger with a digest a minute, the last one now."""
    row = {"kind": "asked", "layout": "list", "state": "sent", "attempts": 0, "unanswered": 0}
    rows = [
        row | {"id": number, "chat_id": number, "planned_at": now - (MANY - number) * MINUTE}
        for number in range(1, MANY + 1)
    ]
    await session.execute(insert(DIGESTS), rows)
    return session


async def test_a_ledger_without_digests_has_no_span(session: AsyncSession, now: datetime) -> None:
    assert not await spans.since(session, now)


@pytest.mark.parametrize("minutes", [0, 1, 777, 15_000, MANY, 2 * MANY])
async def test_a_span_holds_all_that_was_planned_since_and_little_else(
    ledger: AsyncSession, now: datetime, minutes: int
) -> None:
    """Also what was begun within the hour before, and written after something that began later."""
    span = await spans.since(ledger, now - minutes * MINUTE)
    first = max(MANY - minutes - HOUR // MINUTE, 1)
    assert first - spans.PROBES <= span.start <= first
    assert span.stop == MANY + 1


async def test_what_is_gone_from_the_ledger_hides_nothing(ledger: AsyncSession, now: datetime) -> None:
    """Where a chat was forgotten, or a million of them, less is known and more is looked at."""
    await ledger.execute(delete(DIGESTS).where((DIGESTS.c.id % 3 > 0) | DIGESTS.c.id.between(9_000, 15_000)))
    span = await spans.since(ledger, now - 7_000 * MINUTE)
    assert span.start <= MANY - 7_000


async def test_a_clock_that_was_set_back_hides_nothing(ledger: AsyncSession, now: datetime) -> None:
    """What was planned before that and bears a later time stays in the span."""
    await ledger.execute(
        DIGESTS.update().where(DIGESTS.c.id.between(4_000, 9_000)).values(planned_at=now - MINUTE)
    )
    span = await spans.since(ledger, now - 5 * MINUTE)
    assert span.start <= 4_000


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 2_000))
def test_a_sample_is_no_larger_than_asked_and_of_few_it_is_all(start: int, length: int, most: int) -> None:
    span = range(start, start + length)
    ids = spans.spread(span, most)
    assert len(ids) <= most
    assert len(ids) >= min(most, length) / 2
    assert sorted({*ids}) == ids
    assert all(digest_id in span for digest_id in ids[:: max(len(ids) - 1, 1)])
    assert length > most or ids == [*span]


@given(st.integers(2, 50), st.integers(100, 1_000))
def test_a_sample_follows_no_rhythm(cards: int, digests: int) -> None:
    """Where each digest comes in as many cards, those of nearly all places are looked at."""
    span = range(1, 1 + cards * digests * 10)
    places = [digest_id % cards for digest_id in spans.spread(span, digests)]
    assert len({*places}) >= 0.8 * cards or len(places) < 10 * cards

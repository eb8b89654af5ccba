from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import history, ledger
from storage.ledger import Kind, State

HOUR = timedelta(hours=1)


async def give(
    session: AsyncSession,
    chat_id: int,
    now: datetime,
    paper_ids: Sequence[int],
    becomes: State = State.SENT,
) -> None:
    """Plan a digest and bring it as far as that."""
    picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in paper_ids]
    digest_id = await ledger.plan(session, chat_id, Kind.ASKED, picks, now)
    assert digest_id is not None
    if becomes is not State.PLANNED:
        await ledger.claim(session, now, HOUR, 1, digest_id=digest_id)
    if becomes is State.SENT:
        await settled.sent(session, digest_id, digest_id, now)
    if becomes is State.FAILED:
        await settled.failed(session, digest_id, "no", now)
    if becomes is State.SKIPPED:
        await settled.skipped(session, digest_id, "late", now)


async def test_the_paper_sent_last_is_first(session: AsyncSession, now: datetime) -> None:
    """Those of one message are in its order, and a page goes on where the one before it ended."""
    await give(session, 5, now, [1])
    await give(session, 5, now + HOUR, [3, 2])
    everything = [(3, now + HOUR), (2, now + HOUR), (1, now)]
    assert await history.of_chat(session, 5, limit=9) == everything
    assert await history.of_chat(session, 5, limit=2) == everything[:2]
    assert await history.of_chat(session, 5, limit=2, offset=2) == everything[2:]
    assert await history.count(session, 5) == 3


async def test_a_paper_sent_twice_is_there_once(session: AsyncSession, now: datetime) -> None:
    """It stands where it was sent last."""
    await give(session, 5, now, [1, 2])
    await give(session, 5, now + HOUR, [1])
    assert await history.of_chat(session, 5, limit=9) == [(1, now + HOUR), (2, now)]
    assert await history.count(session, 5) == 2


@pytest.mark.parametrize("state", [State.PLANNED, State.SENDING, State.FAILED, State.SKIPPED])
async def test_what_did_not_arrive_is_no_history(session: AsyncSession, now: datetime, state: State) -> None:
    """Neither is what another chat was sent."""
    await give(session, 5, now, [1], state)
    await give(session, 6, now, [2])
    assert await history.of_chat(session, 5, limit=9) == []
    assert await history.count(session, 5) == 0


@pytest.mark.parametrize(
    ("state", "is_given"),
    [
        (State.PLANNED, True),
        (State.SENDING, True),
        (State.SENT, True),
        (State.FAILED, False),
        (State.SKIPPED, False),
    ],
)
async def test_what_was_or_will_be_given(
    session: AsyncSession, now: datetime, state: State, *, is_given: bool
) -> None:
    """A paper is given once it is promised, until the promise is broken; in its own chat alone."""
    await give(session, 5, now, [1], state)
    await give(session, 6, now, [2])
    assert await history.given(session, 5, range(40_000)) == ({1} if is_given else set())

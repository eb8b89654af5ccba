"""Settling: what became of digests that were being sent, written for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import promises
from storage.dialects import hold
from storage.digests import State
from storage.states import Layout
from storage.tables import DIGESTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a digest that was being sent.

    Attributes:
        state: Sent, failed or skipped; or planned again.
        message_id: The message that it arrived in.
        why: Why it did not arrive; None leaves what was said before.
        held_until: When the sender's lease ends, if another one that took it over is to be left to it.
        not_before: When it may be claimed again, where it is planned again.
        attempts: How many requests came to nothing.
        unanswered: How many of them may have arrived all the same.
    """

    digest_id: int
    state: State
    message_id: int | None = None
    why: str | None = None
    held_until: datetime | None = None
    not_before: datetime | None = None
    attempts: int = 0
    unanswered: int = 0


async def settle(session: AsyncSession, outcomes: Sequence[Outcome], now: datetime) -> set[int]:
    """Write down what became of digests, at most one outcome each. A card that is settled lets the next go.

    Picks of what failed or was skipped may be picked again. What is planned again is rid of what two papers
    that became one had it say twice.

    Returns:
        Those that were not being sent, or by another one: nothing is written of them.
    """
    told = {outcome.digest_id: outcome for outcome in outcomes}
    being_sent = _BEING_SENT.where(DIGESTS.c.id.in_(list(told))).order_by(DIGESTS.c.id)
    found = (await session.execute(hold(session, being_sent))).all()
    rows = [row for row in found if told[row.id].held_until in {None, row.due_at}]
    if rows:
        await session.execute(_SETTLE, [_values(told[row.id], now) for row in rows])
    again = [row.id for row in rows if told[row.id].state is State.PLANNED]
    if again:
        await promises.keep_once_in(session, again)
    for row in rows:
        if row.layout == Layout.CARDS and row.id not in again:
            await promises.let_next_card_go(session, row)
    return told.keys() - {row.id for row in rows}


def _values(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "row_id": outcome.digest_id,
        "state": outcome.state,
        "message_id": outcome.message_id,
        "new_why": outcome.why,
        "due_at": outcome.not_before,
        "settled_at": None if outcome.state is State.PLANNED else now,
        "more_attempts": outcome.attempts,
        "more_unanswered": outcome.unanswered,
    }


_BEING_SENT = select(
    DIGESTS.c.id,
    DIGESTS.c.chat_id,
    DIGESTS.c.layout,
    DIGESTS.c.lead_id,
    DIGESTS.c.planned_at,
    DIGESTS.c.due_at,
).where(DIGESTS.c.state == State.SENDING)
_SETTLE = (
    update(DIGESTS)
    .where(DIGESTS.c.id == bindparam("row_id"))
    .values(
        state=bindparam("state"),
        message_id=bindparam("message_id"),
        why=func.coalesce(bindparam("new_why", type_=DIGESTS.c.why.type), DIGESTS.c.why),
        due_at=bindparam("due_at"),
        settled_at=bindparam("settled_at"),
        attempts=DIGESTS.c.attempts + bindparam("more_attempts"),
        unanswered=DIGESTS.c.unanswered + bindparam("more_unanswered"),
    )
)

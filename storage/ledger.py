"""The ledger: one row a message to be sent, and what became of it.

    planned -> sending -> sent | failed | planned again (retry);    skipped from the start

A row is sent by whoever claims it, under a lease: if they vanish, the lease runs out and another claims it
(`storage.claims`). What became of it is written by the one who sent it (`storage.settling`).
Rows are never removed while their chat is known, for they tell what it was given (`storage.history`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick
from storage import spans
from storage.claims import claim, recover, renew
from storage.dialects import insert
from storage.digests import Digest, Kind, Lack, State, read
from storage.rows import pick_values
from storage.settling import Outcome, settle
from storage.states import Layout, ReaderState
from storage.tables import DIGESTS, PICKS, READERS

__all__ = [
    "Digest",
    "Kind",
    "Lack",
    "Outcome",
    "State",
    "claim",
    "recover",
    "renew",
    "settle",
]

ONE_A_DAY = (DIGESTS.c.chat_id, DIGESTS.c.local_day)  # what no two rows have in common


async def plan(  # noqa: PLR0913 - a row's worth
    session: AsyncSession,
    chat_id: int,
    kind: Kind,
    picks: Sequence[Pick],
    now: datetime,
    *,
    local_day: date | None = None,
    lack: Lack | None = None,
    layout: Layout = Layout.LIST,
    topic_id: int | None = None,
) -> int | None:
    """Write a digest into the ledger, to be sent from ``now`` on; ``lack`` says why it has no picks.

    In cards it is a row a pick; each but the first may be sent once the one before it is settled.

    Returns:
        Its id, or that of its first card; None where the chat's local day has a row already, whatever became
        of it.
    """
    if (kind is Kind.DAILY) is not (local_day is not None):
        raise ValueError("a daily digest is one of a local day, and no other is")
    common = {
        "chat_id": chat_id,
        "kind": kind,
        "layout": layout,
        "topic_id": topic_id,
        "state": State.PLANNED,
        "lack": lack,
    }
    messages = [picks] if layout is Layout.LIST or not picks else [[card] for card in picks]
    lead_id = await _enter(session, now, messages[0], local_day=local_day, due_at=now, **common)
    for card in messages[1:] if lead_id else ():
        await _enter(session, now, card, lead_id=lead_id, due_at=None, **common)
    return lead_id


async def plan_notice(session: AsyncSession, notice_id: int, now: datetime) -> int:
    """Plan a notice for every active reader, in the topic of their digests; tell how many they are."""
    moment = literal(now, DIGESTS.c.due_at.type)
    row = {
        "chat_id": READERS.c.chat_id,
        "topic_id": READERS.c.topic_id,
        "kind": literal(Kind.NOTICE.value),
        "layout": literal(Layout.LIST.value),
        "state": literal(State.PLANNED.value),
        "due_at": moment,
        "planned_at": moment,
        "attempts": literal(0),
        "unanswered": literal(0),
        "notice_id": literal(notice_id, DIGESTS.c.notice_id.type),
    }
    active = select(*row.values()).where(READERS.c.state == ReaderState.ACTIVE)
    await session.execute(plain_insert(DIGESTS).from_select(list(row), active))
    planned = select(func.count()).where(DIGESTS.c.notice_id == notice_id)
    return (await session.execute(planned)).scalar_one()


async def skip(session: AsyncSession, chat_id: int, local_day: date, why: str, now: datetime) -> None:
    """Write down that a local day has no digest, and why; nothing where the day has a row already."""
    await skip_days(session, chat_id, [local_day], why, now)


async def skip_days(
    session: AsyncSession, chat_id: int, local_days: Iterable[date], why: str, now: datetime
) -> None:
    """Write down that local days have no digest, and why; nothing for those that have a row already."""
    common = {
        "chat_id": chat_id,
        "kind": Kind.DAILY,
        "layout": Layout.LIST,
        "state": State.SKIPPED,
        "attempts": 0,
        "unanswered": 0,
        "why": why,
        "planned_at": now,
        "settled_at": now,
    }
    if rows := [common | {"local_day": day} for day in local_days]:
        skipped = insert(session, DIGESTS).on_conflict_do_nothing(index_elements=ONE_A_DAY)
        await session.execute(skipped, rows)


async def leave_topic(session: AsyncSession, chat_id: int) -> None:
    """Have what a chat still waits for come to the whole chat, in no topic."""
    waiting = DIGESTS.c.state.in_((State.PLANNED, State.SENDING))
    await session.execute(update(DIGESTS).where(DIGESTS.c.chat_id == chat_id, waiting).values(topic_id=None))


async def get(session: AsyncSession, chat_id: int, digest_id: int) -> Digest | None:
    """Read a digest of a chat; None where it is another chat's."""
    found = await read(session, DIGESTS.c.id == digest_id, DIGESTS.c.chat_id == chat_id)
    return found[0] if found else None


async def cards(session: AsyncSession, chat_id: int, lead_id: int) -> list[int]:
    """Name the digests that came together with this one, itself among them, in the order of their sending."""
    together = or_(DIGESTS.c.id == lead_id, DIGESTS.c.lead_id == lead_id)
    rows = await session.execute(
        select(DIGESTS.c.id).where(DIGESTS.c.chat_id == chat_id, together).order_by(DIGESTS.c.id)
    )
    return list(rows.scalars())


async def of_message(session: AsyncSession, chat_id: int, message_id: int) -> Digest | None:
    """Read the digest that a message of a chat carried; None where it carried none."""
    found = await read(session, DIGESTS.c.chat_id == chat_id, DIGESTS.c.message_id == message_id)
    return found[0] if found else None


async def last_day(session: AsyncSession, chat_id: int) -> date | None:
    """Tell the latest local day of a chat that has a row; None where no day has one."""
    found = await session.execute(select(func.max(DIGESTS.c.local_day)).where(DIGESTS.c.chat_id == chat_id))
    latest: date | None = found.scalar_one()
    return latest


async def counts(session: AsyncSession, since: datetime) -> dict[State, int]:
    """Count the digests planned or skipped since then, by state."""
    span = await spans.since(session, since)
    rows = await session.execute(
        select(DIGESTS.c.state, func.count())
        .where(DIGESTS.c.id >= span.start, DIGESTS.c.planned_at >= since)
        .group_by(DIGESTS.c.state)
    )
    return dict.fromkeys(State, 0) | {State(state): number for state, number in rows}


async def _enter(session: AsyncSession, now: datetime, picks: Sequence[Pick], **values: Any) -> int | None:
    """Enter a message with its picks; None where the chat's local day has one."""
    entered = await session.execute(
        insert(session, DIGESTS)
        .values(attempts=0, unanswered=0, planned_at=now, **values)
        .on_conflict_do_nothing(index_elements=ONE_A_DAY)
        .returning(DIGESTS.c.id)
    )
    digest_id: int | None = entered.scalar_one_or_none()
    if digest_id is not None and picks:
        rows = [
            {"digest_id": digest_id, "position": position, **pick_values(value)}
            for position, value in enumerate(picks)
        ]
        await session.execute(plain_insert(PICKS), rows)
    return digest_id

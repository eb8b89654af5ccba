"""The ledger: one row a message to be sent, and what became of it.

    planned -> sending -> sent | failed | planned again (retry);    skipped from the start

A row is sent by whoever claims it, under a lease: if they vanish, the lease runs out and another claims it.
Rows are never removed while their chat is known, for they tell what it was given (`storage.history`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, or_, select, tuple_, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick
from storage import promises
from storage.dialects import insert
from storage.digests import Digest, Kind, Lack, State, read
from storage.errors import NotBeingSentError
from storage.rows import AnyRow, pick_values
from storage.states import Layout, ReaderState
from storage.tables import DIGESTS, PICKS, READERS

__all__ = ["Digest", "Kind", "Lack", "State"]


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
        "notice_id": literal(notice_id, DIGESTS.c.notice_id.type),
    }
    active = select(*row.values()).where(READERS.c.state == ReaderState.ACTIVE)
    await session.execute(plain_insert(DIGESTS).from_select(list(row), active))
    planned = select(func.count()).where(DIGESTS.c.notice_id == notice_id)
    return (await session.execute(planned)).scalar_one()


async def skip(session: AsyncSession, chat_id: int, local_day: date, why: str, now: datetime) -> None:
    """Write down that a local day has no digest, and why; nothing where the day has a row already."""
    await _enter(
        session,
        now,
        (),
        chat_id=chat_id,
        kind=Kind.DAILY,
        layout=Layout.LIST,
        state=State.SKIPPED,
        local_day=local_day,
        why=why,
        settled_at=now,
    )


async def claim(
    session: AsyncSession, now: datetime, lease: timedelta, limit: int, *, digest_id: int | None = None
) -> list[Digest]:
    """Take digests to send; nobody else gets them until the lease ends.

    What may be claimed is planned and due, or was claimed by someone whose lease ran out: at most one a chat,
    and none of a chat that is being sent to. What fell due first comes first. ``digest_id`` asks for that one
    only, and lets it pass what else its chat waits for.
    """
    found = await session.execute(_claimable(now, digest_id).limit(limit))
    ids = list(found.scalars())
    await session.execute(
        update(DIGESTS)
        .where(DIGESTS.c.id.in_(ids))
        .values(state=State.SENDING, due_at=now + lease, attempts=DIGESTS.c.attempts + 1)
    )
    claimed = {digest.id: digest for digest in await read(session, DIGESTS.c.id.in_(ids))}
    return [claimed[id_] for id_ in ids]


async def sent(session: AsyncSession, digest_id: int, message_id: int, now: datetime) -> None:
    """Write down that a digest arrived.

    Raises:
        NotBeingSentError: It is not being sent.
    """
    await _settle(session, digest_id, now, state=State.SENT, message_id=message_id)


async def failed(session: AsyncSession, digest_id: int, why: str, now: datetime) -> None:
    """Give a digest up. Its picks may be picked again.

    Raises:
        NotBeingSentError: It is not being sent.
    """
    await _settle(session, digest_id, now, state=State.FAILED, why=why)


async def drop(session: AsyncSession, digest_id: int, why: str, now: datetime) -> None:
    """Skip a digest that was claimed and is not wanted any more. Its picks may be picked again.

    Raises:
        NotBeingSentError: It is not being sent.
    """
    await _settle(session, digest_id, now, state=State.SKIPPED, why=why)


async def retry(session: AsyncSession, digest_id: int, not_before: datetime, why: str) -> None:
    """Plan a digest that is being sent anew, less what two papers that became one had it say twice.

    Raises:
        NotBeingSentError: It is not being sent.
    """
    await _leave_sending(session, digest_id, state=State.PLANNED, why=why, due_at=not_before)
    await promises.keep_once_in(session, digest_id)


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
    rows = await session.execute(
        select(DIGESTS.c.state, func.count()).where(DIGESTS.c.planned_at >= since).group_by(DIGESTS.c.state)
    )
    return dict.fromkeys(State, 0) | {State(state): number for state, number in rows}


async def _enter(session: AsyncSession, now: datetime, picks: Sequence[Pick], **values: Any) -> int | None:
    """Enter a message with its picks; None where the chat's local day has one."""
    entered = await session.execute(
        insert(session, DIGESTS)
        .values(attempts=0, planned_at=now, **values)
        .on_conflict_do_nothing(index_elements=[DIGESTS.c.chat_id, DIGESTS.c.local_day])
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


async def _settle(session: AsyncSession, digest_id: int, now: datetime, **values: Any) -> None:
    left = await _leave_sending(session, digest_id, due_at=None, settled_at=now, **values)
    if left.layout == Layout.CARDS:
        await promises.let_next_card_go(session, left)


async def _leave_sending(session: AsyncSession, digest_id: int, **values: Any) -> AnyRow:
    left = await session.execute(
        update(DIGESTS)
        .where(DIGESTS.c.id == digest_id, DIGESTS.c.state == State.SENDING)
        .values(**values)
        .returning(DIGESTS.c.id, DIGESTS.c.chat_id, DIGESTS.c.layout, DIGESTS.c.lead_id)
    )
    row = left.first()
    if row is None:
        raise NotBeingSentError(f"Digest {digest_id} is not being sent.")
    return row


def _claimable(now: datetime, digest_id: int | None) -> Select[Any]:
    """Select what may be claimed, longest due first, and keep other claimers from it."""
    other = DIGESTS.alias()
    in_chat = and_(other.c.chat_id == DIGESTS.c.chat_id, other.c.id != DIGESTS.c.id)
    in_flight = and_(in_chat, other.c.state == State.SENDING, other.c.due_at > now)
    waiting = and_(in_chat, other.c.state.in_((State.PLANNED, State.SENDING)), other.c.due_at <= now)
    first = and_(waiting, tuple_(other.c.due_at, other.c.id) < tuple_(DIGESTS.c.due_at, DIGESTS.c.id))
    query = (
        select(DIGESTS.c.id)
        .where(DIGESTS.c.due_at <= now, ~exists().where(in_flight))
        .order_by(DIGESTS.c.due_at, DIGESTS.c.id)
        .with_for_update(skip_locked=True)  # SQLite locks all by BEGIN IMMEDIATE and is not told this
    )
    return query.where(~exists().where(first) if digest_id is None else DIGESTS.c.id == digest_id)

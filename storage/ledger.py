"""The ledger: one row a message to be sent, and what became of it.

    planned -> sending -> sent | failed | planned again (retry);    skipped from the start

A row is sent by whoever claims it, under a lease: if they vanish, the lease runs out and another claims it.
Rows are never removed, for they tell what a chat was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, tuple_, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick
from storage.dialects import insert
from storage.errors import StorageError
from storage.rows import AnyRow, pick, pick_values
from storage.tables import DIGESTS, PICKS


class Kind(StrEnum):
    """Why a digest is sent: it is the reader's hour, or the reader asked."""

    DAILY = "daily"
    ASKED = "asked"


class State(StrEnum):
    """What became of a digest."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


class Lack(StrEnum):
    """What there was too little of for a digest with picks."""

    NEW = "nothing new"
    STRONG = "nothing strong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Picks for one reader, and what became of the message.

    Attributes:
        local_day: The reader's own calendar day; only daily digests have one.
        planned_at: When it was promised.
        lack: Why it has no picks; None where it has.
        attempts: How often it was claimed.
        why: Why it failed, was skipped or is tried again.
    """

    id: int
    chat_id: int
    kind: Kind
    local_day: date | None
    planned_at: datetime
    state: State
    picks: tuple[Pick, ...]
    lack: Lack | None
    message_id: int | None
    attempts: int
    why: str | None


async def plan(  # noqa: PLR0913 - a row's worth
    session: AsyncSession,
    chat_id: int,
    kind: Kind,
    picks: Sequence[Pick],
    now: datetime,
    *,
    local_day: date | None = None,
    lack: Lack | None = None,
) -> int | None:
    """Write a digest into the ledger, to be sent from ``now`` on; ``lack`` says why it has no picks.

    Returns:
        Its id; None where the chat's local day has a row already, whatever became of it.
    """
    if (kind is Kind.DAILY) is not (local_day is not None):
        raise ValueError("a daily digest is one of a local day, and no other is")
    digest_id = await _enter(
        session,
        now,
        chat_id=chat_id,
        kind=kind,
        state=State.PLANNED,
        local_day=local_day,
        lack=lack,
        due_at=now,
    )
    if digest_id is not None and picks:
        await session.execute(plain_insert(PICKS), _numbered(digest_id, picks))
    return digest_id


async def skip(session: AsyncSession, chat_id: int, local_day: date, why: str, now: datetime) -> None:
    """Write down that a local day has no digest, and why; nothing where the day has a row already."""
    await _enter(
        session,
        now,
        chat_id=chat_id,
        kind=Kind.DAILY,
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
    claimed = {digest.id: digest for digest in await _read(session, DIGESTS.c.id.in_(ids))}
    return [claimed[id_] for id_ in ids]


async def sent(session: AsyncSession, digest_id: int, message_id: int, now: datetime) -> None:
    """Write down that a digest arrived.

    Raises:
        StorageError: Where it is not being sent.
    """
    await _leave_sending(
        session, digest_id, state=State.SENT, message_id=message_id, due_at=None, settled_at=now
    )


async def failed(session: AsyncSession, digest_id: int, why: str, now: datetime) -> None:
    """Give a digest up. Its picks may be picked again.

    Raises:
        StorageError: Where it is not being sent.
    """
    await _leave_sending(session, digest_id, state=State.FAILED, why=why, due_at=None, settled_at=now)


async def drop(session: AsyncSession, digest_id: int, why: str, now: datetime) -> None:
    """Skip a digest that was claimed and is not wanted any more. Its picks may be picked again.

    Raises:
        StorageError: Where it is not being sent.
    """
    await _leave_sending(session, digest_id, state=State.SKIPPED, why=why, due_at=None, settled_at=now)


async def retry(session: AsyncSession, digest_id: int, not_before: datetime, why: str) -> None:
    """Plan a digest that is being sent anew.

    Raises:
        StorageError: Where it is not being sent.
    """
    await _leave_sending(session, digest_id, state=State.PLANNED, why=why, due_at=not_before)


async def get(session: AsyncSession, chat_id: int, digest_id: int) -> Digest | None:
    """Read a digest of a chat; None where it is another chat's."""
    found = await _read(session, DIGESTS.c.id == digest_id, DIGESTS.c.chat_id == chat_id)
    return found[0] if found else None


async def last_day(session: AsyncSession, chat_id: int) -> date | None:
    """Tell the latest local day of a chat that has a row; None where no day has one."""
    found = await session.execute(select(func.max(DIGESTS.c.local_day)).where(DIGESTS.c.chat_id == chat_id))
    latest: date | None = found.scalar_one()
    return latest


async def given(session: AsyncSession, chat_id: int, paper_ids: Iterable[int]) -> set[int]:
    """Tell which of the papers were or will be delivered to a chat."""
    rows = await session.execute(delivered(chat_id).where(PICKS.c.paper_id.in_(list(paper_ids))))
    return set(rows.scalars())


async def counts(session: AsyncSession, since: datetime) -> dict[State, int]:
    """Count the digests planned or skipped since then, by state."""
    rows = await session.execute(
        select(DIGESTS.c.state, func.count()).where(DIGESTS.c.planned_at >= since).group_by(DIGESTS.c.state)
    )
    return dict.fromkeys(State, 0) | {State(state): number for state, number in rows}


def delivered(chat_id: int) -> Select[Any]:
    """Select the ids of the papers that were or will be delivered to a chat."""
    standing = (State.PLANNED, State.SENDING, State.SENT)
    return (
        select(PICKS.c.paper_id)
        .join(DIGESTS, DIGESTS.c.id == PICKS.c.digest_id)
        .where(DIGESTS.c.chat_id == chat_id, DIGESTS.c.state.in_(standing))
    )


async def _enter(session: AsyncSession, now: datetime, **values: Any) -> int | None:
    entered = await session.execute(
        insert(session, DIGESTS)
        .values(attempts=0, planned_at=now, **values)
        .on_conflict_do_nothing(index_elements=[DIGESTS.c.chat_id, DIGESTS.c.local_day])
        .returning(DIGESTS.c.id)
    )
    digest_id: int | None = entered.scalar_one_or_none()
    return digest_id


async def _leave_sending(session: AsyncSession, digest_id: int, **values: Any) -> None:
    left = await session.execute(
        update(DIGESTS)
        .where(DIGESTS.c.id == digest_id, DIGESTS.c.state == State.SENDING)
        .values(**values)
        .returning(DIGESTS.c.id)
    )
    if left.first() is None:
        raise StorageError(f"Digest {digest_id} is not being sent.")


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


async def _read(session: AsyncSession, *where: ColumnElement[bool]) -> list[Digest]:
    rows = await session.execute(_DIGESTS.where(*where).order_by(DIGESTS.c.id, PICKS.c.position))
    return [_digest(list(group)) for _, group in groupby(rows, key=lambda row: row.id)]


def _digest(rows: Sequence[AnyRow]) -> Digest:
    """Read a digest from its row, repeated for each pick; without picks it stands once."""
    first = rows[0]
    return Digest(
        id=first.id,
        chat_id=first.chat_id,
        kind=Kind(first.kind),
        local_day=first.local_day,
        planned_at=first.planned_at,
        state=State(first.state),
        picks=tuple(pick(row) for row in rows if row.paper_id is not None),
        lack=None if first.lack is None else Lack(first.lack),
        message_id=first.message_id,
        attempts=first.attempts,
        why=first.why,
    )


def _numbered(digest_id: int, chosen: Sequence[Pick]) -> list[dict[str, Any]]:
    return [
        {"digest_id": digest_id, "position": position, **pick_values(value)}
        for position, value in enumerate(chosen)
    ]


_DIGESTS = select(
    DIGESTS,
    PICKS.c.paper_id,
    PICKS.c.score,
    PICKS.c.slot,
    PICKS.c.reason_paper_id,
    PICKS.c.reason_terms,
    PICKS.c.propensity,
).outerjoin(PICKS, PICKS.c.digest_id == DIGESTS.c.id)

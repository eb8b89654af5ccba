"""Claims: who sends which row of the ledger, and until when nobody else may."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import promises
from storage.dialects import lock_chats
from storage.digests import Digest, State, read
from storage.tables import DIGESTS

_OTHER = DIGESTS.alias()


async def claim(
    session: AsyncSession, now: datetime, lease: timedelta, limit: int, *, digest_id: int | None = None
) -> list[Digest]:
    """Take digests to send; nobody else gets them until the lease ends.

    What may be claimed is planned and due, or was claimed by someone whose lease ran out: at most one a chat,
    and none of a chat that is being sent to. What fell due first comes first. ``digest_id`` asks for that one
    only, and lets it pass what else its chat waits for.
    """
    found = (await session.execute(_claimable(now, digest_id).limit(limit))).all()
    mine = await lock_chats(session, [row.chat_id for row in found])
    ids = [row.id for row in found if row.chat_id in mine]
    # Looked at anew: on PostgreSQL another claimer may have taken one of the chat's since the search began.
    taken = await session.execute(
        update(DIGESTS)
        .where(DIGESTS.c.id.in_(ids), ~_in_flight(now))
        .values(state=State.SENDING, due_at=now + lease)
        .returning(DIGESTS.c.id)
    )
    claimed = {digest.id: digest for digest in await read(session, DIGESTS.c.id.in_(list(taken.scalars())))}
    return [claimed[id_] for id_ in ids if id_ in claimed]


async def renew(session: AsyncSession, digest_ids: Collection[int], until: datetime) -> None:
    """Keep others from digests that take longer than their lease."""
    held = update(DIGESTS).where(DIGESTS.c.id.in_(list(digest_ids)), DIGESTS.c.state == State.SENDING)
    await session.execute(held.values(due_at=until))


async def recover(session: AsyncSession) -> int:
    """Plan anew, at once, all that is being sent; tell how many they are.

    Only for whoever is alone with the database: what others are sending would be sent twice.
    """
    freed = await session.execute(
        update(DIGESTS)
        .where(DIGESTS.c.state == State.SENDING, DIGESTS.c.due_at.is_not(None))
        .values(state=State.PLANNED, due_at=DIGESTS.c.planned_at)
        .returning(DIGESTS.c.id)
    )
    ids = list(freed.scalars())
    await promises.keep_once_in(session, ids)
    return len(ids)


def _claimable(now: datetime, digest_id: int | None) -> Select[Any]:
    """Select what may be claimed, longest due first, and keep other claimers from it."""
    query = (
        select(DIGESTS.c.id, DIGESTS.c.chat_id)
        .where(DIGESTS.c.due_at <= now, ~_in_flight(now))
        .order_by(DIGESTS.c.due_at, DIGESTS.c.id)
        .with_for_update(skip_locked=True)  # SQLite locks all by BEGIN IMMEDIATE and is not told this
    )
    return query.where(~_is_behind(now) if digest_id is None else DIGESTS.c.id == digest_id)


def _in_flight(now: datetime) -> ColumnElement[bool]:
    """Say of a digest that another one is on its way to its chat."""
    return _has_other(_OTHER.c.state == State.SENDING, _OTHER.c.due_at > now)


def _is_behind(now: datetime) -> ColumnElement[bool]:
    """Say of a digest that its chat waits for another one that fell due before it."""
    is_waiting = and_(_OTHER.c.state.in_((State.PLANNED, State.SENDING)), _OTHER.c.due_at <= now)
    fell_first = tuple_(_OTHER.c.due_at, _OTHER.c.id) < tuple_(DIGESTS.c.due_at, DIGESTS.c.id)
    return _has_other(is_waiting, fell_first)


def _has_other(*such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say of a digest that its chat waits for another such one.

    What waits in the chat is looked up and then counted. If all were conditions alike, PostgreSQL might join
    all that waits with all that waits: 20 s for 48 after a million were planned, before it has statistics.
    """
    number = func.count().filter(_OTHER.c.id != DIGESTS.c.id, *such)
    in_chat = select(number).where(_OTHER.c.chat_id == DIGESTS.c.chat_id, _OTHER.c.due_at.is_not(None))
    return in_chat.scalar_subquery() > 0

"""Claims: who sends which row of the ledger, and until when nobody else may.

A lease lasts by a clock that all processes share (`storage.dialects.moment`); what is due, is so by that of
whoever claims. The end of a lease also tells whose it is: no two hold a digest to the same end, for between
them one ran out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import promises
from storage.dialects import lock_chats, moment, speaks_postgresql
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
    found = (await session.execute(_claimable(session, now, digest_id).limit(limit))).all()
    mine = await lock_chats(session, [row.chat_id for row in found])
    ids = [row.id for row in found if row.chat_id in mine]
    # Looked at anew: on PostgreSQL another claimer may have taken one of the chat's since the search began.
    taken = await session.execute(
        update(DIGESTS)
        .where(DIGESTS.c.id.in_(ids), ~_in_flight(moment(session, now)))
        .values(state=State.SENDING, due_at=moment(session, now, lease))
        .returning(DIGESTS.c.id)
    )
    claimed = {digest.id: digest for digest in await read(session, DIGESTS.c.id.in_(list(taken.scalars())))}
    return [claimed[id_] for id_ in ids if id_ in claimed]


async def renew(
    session: AsyncSession, leases: Mapping[int, datetime], now: datetime, lease: timedelta
) -> dict[int, datetime]:
    """Keep others from digests that take longer than their lease; ``leases`` says when each ends so far.

    One that ran out is renewed, too, as long as nobody took the digest over.

    Returns:
        When those end that were renewed.
    """
    mine = tuple_(DIGESTS.c.id, DIGESTS.c.due_at).in_(list(leases.items()))
    renewed = await session.execute(
        update(DIGESTS)
        .where(DIGESTS.c.id.in_(list(leases)), mine, DIGESTS.c.state == State.SENDING)
        .values(due_at=moment(session, now, lease))
        .returning(DIGESTS.c.id, DIGESTS.c.due_at)
    )
    return {row.id: row.due_at for row in renewed}


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


def _claimable(session: AsyncSession, now: datetime, digest_id: int | None) -> Select[Any]:
    """Select what may be claimed, longest due first, and keep other claimers from it."""
    by_lease = moment(session, now)
    query = (
        select(DIGESTS.c.id, DIGESTS.c.chat_id)
        .where(_is_up(DIGESTS, now, by_lease), ~_in_flight(by_lease))
        .where(DIGESTS.c.due_at <= _later(session, now, by_lease))  # implied, but what the index goes by
        .order_by(DIGESTS.c.due_at, DIGESTS.c.id)
        .with_for_update(skip_locked=True)  # SQLite locks all by BEGIN IMMEDIATE and is not told this
    )
    return query.where(~_is_behind(now, by_lease) if digest_id is None else DIGESTS.c.id == digest_id)


def _is_up(digests: FromClause, now: datetime, by_lease: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Say of a digest that it is planned and due, or that the lease of its sender ran out."""
    is_due = and_(digests.c.state == State.PLANNED, digests.c.due_at <= now)
    return or_(is_due, and_(digests.c.state == State.SENDING, digests.c.due_at <= by_lease))


def _later(
    session: AsyncSession, now: datetime, by_lease: ColumnElement[datetime]
) -> ColumnElement[datetime]:
    """Tell the later one of two times, which are one on SQLite."""
    told = literal(now, DIGESTS.c.due_at.type)
    return func.greatest(told, by_lease) if speaks_postgresql(session) else told


def _in_flight(by_lease: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Say of a digest that another one is on its way to its chat."""
    return _has_other(_OTHER.c.state == State.SENDING, _OTHER.c.due_at > by_lease)


def _is_behind(now: datetime, by_lease: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Say of a digest that its chat waits for another one that fell due before it."""
    fell_first = tuple_(_OTHER.c.due_at, _OTHER.c.id) < tuple_(DIGESTS.c.due_at, DIGESTS.c.id)
    return _has_other(_is_up(_OTHER, now, by_lease), fell_first)


def _has_other(*such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say of a digest that its chat waits for another such one.

    What waits in the chat is looked up and then counted. If all were conditions alike, PostgreSQL might join
    all that waits with all that waits: 20 s for 48 after a million were planned, before it has statistics.
    """
    number = func.count().filter(_OTHER.c.id != DIGESTS.c.id, *such)
    in_chat = select(number).where(_OTHER.c.chat_id == DIGESTS.c.chat_id, _OTHER.c.due_at.is_not(None))
    return in_chat.scalar_subquery() > 0

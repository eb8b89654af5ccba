"""The few statements that SQLite and PostgreSQL are given in different words; all others are one for both."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Table, cast, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import UtcDateTime

WRITES = "writes"  # what `AsyncSession.info` says of a session that may write
_PAPERS_LOCK = 7_269_101  # any number that no other program locks on the same PostgreSQL
_CHATS_LOCK = 7_269_102  # of another kind: beside it stands which chat
_INBOX_LOCK = 7_269_103  # the same


def insert(session: AsyncSession, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Start an insert that knows ON CONFLICT."""
    return postgresql.insert(table) if speaks_postgresql(session) else sqlite.insert(table)


async def lock_papers(session: AsyncSession) -> None:
    """Let one transaction at a time decide which papers are new. A SQLite transaction is alone already."""
    if speaks_postgresql(session):
        await session.execute(select(func.pg_advisory_xact_lock(_PAPERS_LOCK)))


async def lock_chats(session: AsyncSession, chat_ids: Collection[int]) -> set[int]:
    """Be the only transaction that claims for these chats; tell for which of them no other one does already.

    A SQLite transaction is alone already.
    """
    if not speaks_postgresql(session):
        return {*chat_ids}
    listed = cast([*chat_ids], postgresql.ARRAY(BigInteger))
    asked = func.unnest(listed, type_=BigInteger).column_valued("chat_id")
    is_free = func.pg_try_advisory_xact_lock(_CHATS_LOCK, func.hashint8(asked))
    return set((await session.execute(select(asked).where(is_free))).scalars())


async def lock_inbox(session: AsyncSession, chat_ids: Collection[int]) -> None:
    """Be the only transaction that takes in and hands out what these chats say, once others have ended.

    All lock in one order, so that no two wait for each other. A SQLite transaction is alone already.
    """
    if not speaks_postgresql(session):
        return
    listed = cast([*chat_ids], postgresql.ARRAY(BigInteger))
    asked = func.unnest(listed, type_=BigInteger).column_valued("chat_id")
    key = func.hashint8(asked).label("key")
    keys = select(key).distinct().order_by(key).subquery()
    await session.execute(select(func.pg_advisory_xact_lock(_INBOX_LOCK, keys.c.key)))


def hold(session: AsyncSession, rows: Select[Any]) -> Select[Any]:
    """Keep others from changing rows that are read to be changed. SQLite keeps them from all rows."""
    return rows.with_for_update() if session.info.get(WRITES) else rows


def moment(session: AsyncSession, now: datetime, later: timedelta = timedelta()) -> ColumnElement[datetime]:
    """Tell the time, or a later one, by a clock that all processes share: PostgreSQL's, else the caller's.

    It is one time for a statement, so that PostgreSQL can look it up in an index.
    """
    if speaks_postgresql(session):
        return cast(func.statement_timestamp() + later, UtcDateTime)
    return literal(now + later, UtcDateTime)


def speaks_postgresql(session: AsyncSession) -> bool:
    """Tell which of the two databases a session speaks to."""
    return session.get_bind().dialect.name == "postgresql"

"""The few statements that SQLite and PostgreSQL are given in different words; all others are one for both."""

from __future__ import annotations

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

_PAPERS_LOCK = 7_269_101  # any number that no other program locks on the same PostgreSQL


def insert(session: AsyncSession, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Start an insert that knows ON CONFLICT."""
    return postgresql.insert(table) if _speaks_postgresql(session) else sqlite.insert(table)


async def lock_papers(session: AsyncSession) -> None:
    """Let one transaction at a time decide which papers are new. A SQLite transaction is alone already."""
    if _speaks_postgresql(session):
        await session.execute(select(func.pg_advisory_xact_lock(_PAPERS_LOCK)))


def _speaks_postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"

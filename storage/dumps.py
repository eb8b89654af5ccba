"""Marks: which dump was read last under each name, so that an unchanged one need not be read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import insert
from storage.tables import DUMPS


@dataclass(frozen=True, slots=True)
class DumpMark:
    """How a dump was read last.

    Attributes:
        version: The source's own name for this state of the dump, where it has one.
        fingerprint: That of its content.
        read_at: When it was read, or found unchanged.
    """

    version: str | None
    fingerprint: str
    read_at: datetime


async def marks(session: AsyncSession, source: str) -> dict[str, DumpMark]:
    """Read the marks of a source's dumps, by the dumps' names."""
    rows = await session.execute(
        select(DUMPS.c.name, DUMPS.c.version, DUMPS.c.fingerprint, DUMPS.c.read_at).where(
            DUMPS.c.source == source
        )
    )
    return {row.name: DumpMark(row.version, row.fingerprint, row.read_at) for row in rows}


async def mark(  # noqa: PLR0913 - a row's worth
    session: AsyncSession,
    source: str,
    name: str,
    mark: DumpMark,
    *,
    papers: int,
    rejects: int,
    day: date | None = None,
) -> None:
    """Keep what was read last under a dump's name, and how many papers and rejects it held."""
    told = {
        "day": day,
        "version": mark.version,
        "fingerprint": mark.fingerprint,
        "read_at": mark.read_at,
        "papers": papers,
        "rejects": rejects,
    }
    await session.execute(
        insert(session, DUMPS)
        .values(source=source, name=name, **told)
        .on_conflict_do_update(index_elements=DUMPS.primary_key, set_=told)
    )


async def renew(session: AsyncSession, source: str, name: str, version: str | None, now: datetime) -> None:
    """Keep a new version of a dump whose content is the same as before."""
    await session.execute(
        update(DUMPS)
        .where(DUMPS.c.source == source, DUMPS.c.name == name)
        .values(version=version, read_at=now)
    )

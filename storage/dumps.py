"""Marks: which dump was read last under each name, so that an unchanged one need not be read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select, update
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


@dataclass(frozen=True, slots=True)
class ReadDump:
    """A dump that was read: its name, how it was read, how much it held, and of which day's list."""

    name: str
    mark: DumpMark
    papers: int
    rejects: int
    day: date | None = None


async def marks(session: AsyncSession, source: str, since: date | None = None) -> dict[str, DumpMark]:
    """Read the marks of a source's dumps, by the dumps' names; of days, only those from ``since`` on."""
    wanted = _MARKS.where(DUMPS.c.source == source)
    if since is not None:
        wanted = wanted.where(or_(DUMPS.c.day >= since, DUMPS.c.day.is_(None)))
    rows = await session.execute(wanted)
    return {name: DumpMark(version, fingerprint, read_at) for name, version, fingerprint, read_at in rows}


async def mark_all(session: AsyncSession, source: str, read: Sequence[ReadDump]) -> None:
    """Keep what was read last under these dumps' names, and how much each held."""
    if not read:
        return
    told = insert(session, DUMPS)
    columns = [column.name for column in DUMPS.c if not column.primary_key]
    told = told.on_conflict_do_update(
        index_elements=DUMPS.primary_key, set_={name: told.excluded[name] for name in columns}
    )
    await session.execute(told, [_row(source, dump) for dump in read])


def _row(source: str, dump: ReadDump) -> dict[str, object]:
    return {
        "source": source,
        "name": dump.name,
        "day": dump.day,
        "version": dump.mark.version,
        "fingerprint": dump.mark.fingerprint,
        "read_at": dump.mark.read_at,
        "papers": dump.papers,
        "rejects": dump.rejects,
    }


async def renew(
    session: AsyncSession, source: str, versions: Mapping[str, str | None], now: datetime
) -> None:
    """Keep new versions of dumps, by their names, whose content is the same as before."""
    if versions:
        rows = [
            {"of_source": source, "of_name": name, "version": version, "read_at": now}
            for name, version in versions.items()
        ]
        await session.execute(_RENEW, rows)


_MARKS = select(DUMPS.c.name, DUMPS.c.version, DUMPS.c.fingerprint, DUMPS.c.read_at)
_RENEW = update(DUMPS).where(DUMPS.c.source == bindparam("of_source"), DUMPS.c.name == bindparam("of_name"))

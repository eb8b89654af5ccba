"""The poll: from a source's list to stored papers, each dump in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from sources.parsing import parse
from sources.source import Source
from sources.values import Dump, Listing, Parsed, Reject, SourceError
from storage import dumps, papers, polls
from storage.database import Database
from storage.dumps import DumpMark
from storage.polls import Poll

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DumpReport:
    """What came of one dump. ``error`` is set where it could not be fetched."""

    source: str
    name: str
    added: int = 0
    updated: int = 0
    rejects: tuple[Reject, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What came of one source: its new dumps, and how many were known already."""

    source: str
    dumps: tuple[DumpReport, ...] = ()
    unchanged: int = 0
    error: str | None = None

    @property
    def added(self) -> int:
        """How many papers were new."""
        return sum(dump.added for dump in self.dumps)

    @property
    def updated(self) -> int:
        """How many known papers were told of again."""
        return sum(dump.updated for dump in self.dumps)

    @property
    def reached(self) -> bool:
        """Whether the source could be read."""
        return self.why is None

    @property
    def why(self) -> str | None:
        """Why the source, or the first of its dumps that failed, could not be read; None where all could."""
        return self.error or next((dump.error for dump in self.dumps if dump.error), None)


async def poll(
    sources: Sequence[Source],
    database: Database,
    clock: Callable[[], datetime],
    backfill: timedelta,
    progress: Callable[[str, int, int], None] = lambda _source, _done, _all: None,
) -> list[SourceReport]:
    """Read all that is new in all sources, side by side; one source's fault never stops another.

    ``backfill`` is how far back the lists of days are read. ``progress`` is told the source, how many of its
    dumps are done, and how many there are.
    """
    reports = list(
        await asyncio.gather(*(_poll_source(s, database, clock, backfill, progress) for s in sources))
    )
    async with database.writing() as session:
        for report in reports:
            await _note(session, report, clock())
    return reports


async def _note(session: AsyncSession, report: SourceReport, now: datetime) -> None:
    known = await polls.get(session, report.source) or Poll(report.source, now)
    told = replace(known, asked_at=now, why=report.why)
    if report.reached:
        told = replace(told, reached_at=now, failures=0, retry_at=None)
    else:
        told = replace(told, failures=known.failures + 1)
    await polls.put(session, replace(told, added_at=now) if report.added else told)


async def _poll_source(
    source: Source,
    database: Database,
    clock: Callable[[], datetime],
    backfill: timedelta,
    progress: Callable[[str, int, int], None],
) -> SourceReport:
    report = SourceReport(source.name)
    try:
        listings = await source.list((clock() - backfill).date())
    except SourceError as error:
        log.warning("a source cannot be read: %s", error)
        return replace(report, error=str(error))
    async with database.reading() as session:
        marks = await dumps.marks(session, source.name)
    done = 0
    progress(source.name, done, len(listings))
    async for taken in _take_all(source, listings, marks, database, clock):
        done += 1
        progress(source.name, done, len(listings))
        if taken is None:
            report = replace(report, unchanged=report.unchanged + 1)
        else:
            report = replace(report, dumps=(*report.dumps, taken))
    return report


async def _take_all(
    source: Source,
    listings: Sequence[Listing],
    marks: dict[str, DumpMark],
    database: Database,
    clock: Callable[[], datetime],
) -> AsyncIterator[DumpReport | None]:
    for listing in listings:
        known = marks.get(listing.name)
        if known and not listing.is_due(known.version, known.read_at, clock()):
            yield None
            continue
        try:
            dump = await source.fetch(listing, known.version if known else None)
        except SourceError as error:
            log.warning("a dump cannot be fetched: %s", error)
            yield DumpReport(source.name, listing.name, error=str(error))
            continue
        if dump is None:
            async with database.writing() as session:
                await dumps.renew(
                    session, source.name, listing.name, known.version if known else None, clock()
                )
        yield await _keep(dump, known, database, clock()) if dump else None


async def _keep(dump: Dump, known: DumpMark | None, database: Database, now: datetime) -> DumpReport | None:
    mark = DumpMark(dump.version, dump.fingerprint, now)
    if known and known.fingerprint == mark.fingerprint:
        async with database.writing() as session:
            await dumps.renew(session, dump.source, dump.name, dump.version, now)
        return None
    parsed = await asyncio.to_thread(
        parse, dump.body, fetched=dump.fetched.date() if dump.fetched else None, day=dump.day
    )
    report = await _store(dump, parsed, mark, database, now)
    if parsed.rejects:
        first, count = parsed.rejects[0], len(parsed.rejects)
        more = f", and {count - 1} rejects more" if count > 1 else ""
        log.warning("%s, line %d: %s%s", dump.name, first.line or 1, first.reason, more)
    return report


async def _store(dump: Dump, parsed: Parsed, mark: DumpMark, database: Database, now: datetime) -> DumpReport:
    async with database.writing() as session:
        upserted = await papers.upsert(session, parsed.papers, now)
        if parsed.papers:
            await papers.remove_samples(session)
        await dumps.mark(
            session,
            dump.source,
            dump.name,
            mark,
            papers=len(parsed.papers),
            rejects=len(parsed.rejects),
            day=dump.day,
        )
    return DumpReport(dump.source, dump.name, len(upserted.added), upserted.updated, parsed.rejects)

"""The poll: from a source's list to stored papers, as much as is due and as its circuit allows."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.polling.backfill import first_day, first_unsettled
from bot.polling.circuit import PATIENCE, is_on_trial, resting_until, settle
from bot.polling.faults import Faults
from bot.polling.fetching import MOST_DUMPS, Belt, Failed, Outcome, Read, Unasked, Unchanged, Wanted
from bot.polling.keeping import Kept, keep
from bot.polling.polled import DumpReport, Progress, SourceReport
from sources.source import Source
from sources.values import Listing, SourceError
from storage import dumps, polls
from storage.database import Database
from storage.polls import Poll

_T = TypeVar("_T")


async def poll(  # noqa: PLR0913 - all that a poll depends on, most of it with a default
    sources: Sequence[Source],
    database: Database,
    clock: Callable[[], datetime],
    backfill: timedelta,
    progress: Callable[[Progress], None] = lambda _progress: None,
    *,
    by_hand: bool = False,
    draw: Callable[[], float] = random.random,
) -> list[SourceReport]:
    """Read all that is new in all sources, side by side; one source's fault never stops another.

    ``backfill`` is how far back the lists of days are read. ``progress`` is told whenever dumps of a source
    are done. ``by_hand`` asks also a source that is left alone, unless it asked for that itself. ``draw``
    gives numbers from 0 up to 1, by chance.

    Raises:
        StorageError: The database cannot be used.
    """
    poller = Poller(database, clock, backfill, draw, progress, by_hand)
    return await side_by_side(poller.poll(source) for source in sources)


async def side_by_side(work: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """Do all of it at once; a failure is raised when all have come to their end."""
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls sources, one at a time or several side by side. See `poll`."""

    database: Database
    clock: Callable[[], datetime]
    backfill: timedelta
    draw: Callable[[], float]
    progress: Callable[[Progress], None] = lambda _progress: None
    by_hand: bool = False
    faults: Faults = field(default_factory=Faults)

    async def poll(self, source: Source) -> SourceReport:
        """Read all that is new in a source, and write down how it stands."""
        now = self.clock()
        async with self.database.reading() as session:
            known = await polls.get(session, source.name) or Poll(source.name, now)
            if rests_until := resting_until(known, now, by_hand=self.by_hand):
                return _resting(known, rests_until)
            since = first_day(now, self.backfill, known.reached_at)
            oldest = min(since, first_unsettled(now))
            marks = await dumps.marks(session, source.name, oldest)
        try:
            listings = await source.list(oldest)
        except SourceError as error:
            report = SourceReport(source.name, error=str(error), wait=error.wait)
        except Exception as error:  # noqa: BLE001 - the other sources go on
            report = SourceReport(source.name, error=self.faults.tell(source.name, error))
        else:
            wanted = [Wanted(listing, marks.get(listing.name)) for listing in listings]
            asked_for = [each for each in wanted if each.known or not _is_before(each.listing, since)]
            return await _Tour(self, source, known).read(asked_for)
        return await _Tour(self, source, known).end(report)


class _Tour:
    """One poll of one source, as far as it has come."""

    def __init__(self, poller: Poller, source: Source, known: Poll) -> None:
        self._poller = poller
        self._source = source
        self._known = known
        self._report = SourceReport(source.name)
        self._total = 0
        self._unchanged: list[Unchanged] = []  # found so, and not yet written down

    async def read(self, wanted: Sequence[Wanted]) -> SourceReport:
        """Read what is due, and write down how the source stands."""
        now = self._poller.clock()
        due = [each for each in wanted if _is_due(each, now)]
        answers = sum(each.listing.version is not None for each in wanted)  # a list of versions is an answer
        self._total = len(wanted)
        self._add(replace(self._report, unchanged=len(wanted) - len(due), answers=answers))
        async with aclosing(Belt(self._source, due, self._patience(), self._poller.faults)) as belt:
            while taken := await belt.take():
                await self._take_in(taken)
        return await self.end(self._report)

    def _patience(self) -> int:
        if self._report.answers:
            return sys.maxsize
        return 1 if is_on_trial(self._known) else PATIENCE

    async def end(self, report: SourceReport) -> SourceReport:
        """Write down how the source stands, and what was found unchanged."""
        now = self._poller.clock()
        async with self._poller.database.writing() as session:
            await self._renew(session, now)
            await polls.put(session, settle(self._known, report, now, self._poller.draw()))
        return report

    async def _take_in(self, taken: Sequence[Outcome]) -> None:
        """Keep what was read. What is unchanged can wait a little: each transaction costs a millisecond."""
        now, database, faults = self._poller.clock(), self._poller.database, self._poller.faults
        read = [outcome for outcome in taken if isinstance(outcome, Read)]
        kept = await keep(database, self._source.name, read, now, faults) if read else Kept()
        self._unchanged += [outcome for outcome in taken if isinstance(outcome, Unchanged)]
        if len(self._unchanged) >= MOST_DUMPS:
            async with database.writing() as session:
                await self._renew(session, now)
        self._add(_with(self._report, taken, kept))

    async def _renew(self, session: AsyncSession, now: datetime) -> None:
        versions = {outcome.wanted.listing.name: outcome.version for outcome in self._unchanged}
        await dumps.renew(session, self._source.name, versions, now)
        self._unchanged.clear()

    def _add(self, report: SourceReport) -> None:
        self._report = report
        done = report.unchanged + len(report.dumps)
        self._poller.progress(Progress(report.source, done, self._total, report.added))


def _is_before(listing: Listing, since: date) -> bool:
    return listing.day is not None and listing.day < since


def _is_due(wanted: Wanted, now: datetime) -> bool:
    known = wanted.known
    return known is None or wanted.listing.is_due(known.version, known.read_at, now)


def _resting(known: Poll, until: datetime) -> SourceReport:
    """Report a source that was not asked."""
    reason = "as it asked for" if known.retry_asked else f"after {known.failures} failures in a row"
    words = f"{known.source} is left alone until {until:%Y-%m-%d %H:%M} UTC, {reason}: {known.why}"
    return SourceReport(known.source, error=words, rests_until=until)


def _with(report: SourceReport, taken: Sequence[Outcome], kept: Kept) -> SourceReport:
    """Add to a report what came of more dumps."""
    told = [_report(outcome, kept.faults) for outcome in taken if isinstance(outcome, Read | Failed)]
    failures = [outcome for outcome in taken if isinstance(outcome, Failed)]
    unasked = sum(isinstance(outcome, Unasked) for outcome in taken)
    unanswered = unasked + sum(not failed.is_answered for failed in failures)
    return replace(
        report,
        dumps=(*report.dumps, *told),
        unchanged=report.unchanged + len(taken) - len(told) - unasked,
        unasked=report.unasked + unasked,
        answers=report.answers + len(taken) - unanswered,
        added=report.added + kept.added,
        updated=report.updated + kept.updated,
        fresh=report.fresh + kept.fresh,
        wait=report.wait or next((failed.wait for failed in failures if failed.wait), None),
    )


def _report(outcome: Read | Failed, faults: Mapping[str, str]) -> DumpReport:
    listing = outcome.wanted.listing
    if isinstance(outcome, Failed):
        return DumpReport(listing.name, listing.day, error=outcome.why)
    held = outcome.parsed
    return DumpReport(listing.name, listing.day, len(held.papers), held.rejects, faults.get(listing.name))

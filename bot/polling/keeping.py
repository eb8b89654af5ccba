"""Keeps what was read of one source: papers, and in the same transaction the marks of their dumps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.polling.faults import Faults
from bot.polling.fetching import MOST_PAPERS, Read
from recommender.values import Paper
from storage import dumps, papers, polls, revisions
from storage.batches import batches
from storage.database import Database, StorageError
from storage.dumps import DumpMark, ReadDump


@dataclass(frozen=True, slots=True)
class Kept:
    """How many papers were new, told of again, and news of these days; and which dumps could not be kept.

    Attributes:
        faults: Why, by the dumps' names.
    """

    added: int = 0
    updated: int = 0
    fresh: int = 0
    faults: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: Kept) -> Kept:
        return Kept(
            self.added + other.added,
            self.updated + other.updated,
            self.fresh + other.fresh,
            {**self.faults, **other.faults},
        )


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Since when papers count as seen, and whether they are news of these days."""

    first_seen: datetime
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class _Portion:
    """What is kept in one transaction: papers, and the dumps that are read to their end with them."""

    papers: Sequence[tuple[_Stamp, Sequence[Paper]]]
    ended: Sequence[Read] = ()


async def keep(database: Database, source: str, taken: Sequence[Read], now: datetime, faults: Faults) -> Kept:
    """Keep dumps in one transaction, or very many papers in several, with all marks in the last.

    So other writers get their turns, and what a crash cuts short is read again, which adds nothing twice. A
    dump that cannot be kept, for a fault of our own, holds up none of the others.

    Raises:
        StorageError: The database cannot be used.
    """
    kept = Kept()
    try:
        for portion in _portions(taken, now):
            kept += await _keep_portion(database, source, portion, now)
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other dumps are kept
        if len(taken) == 1:
            name = taken[0].wanted.listing.name
            return kept + Kept(faults={name: faults.tell(f"{name} of {source}", error)})
        for dump in taken:
            kept += await keep(database, source, [dump], now, faults)
    return kept


def _portions(taken: Sequence[Read], now: datetime) -> Iterator[_Portion]:
    stamped: dict[_Stamp, list[Paper]] = {}
    for dump in taken:
        stamped.setdefault(_stamp(dump, now), []).extend(_off_future_lists(dump.parsed.papers, now))
    parts = [(stamp, part) for stamp, told in stamped.items() for part in batches(told, MOST_PAPERS)]
    if sum(len(part) for _, part in parts) > MOST_PAPERS:
        yield from (_Portion([part]) for part in parts[:-1])
        parts = parts[-1:]
    yield _Portion(parts, taken)


def _off_future_lists(told: Sequence[Paper], now: datetime) -> Iterator[Paper]:
    """Forget the day of a list that is still to come: its paper would be the newest for good."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)  # where the day begins earlier it may be that
    for paper in told:
        yield replace(paper, featured=None) if paper.featured and paper.featured > tomorrow else paper


def _stamp(dump: Read, now: datetime) -> _Stamp:
    """Tell since when a dump's papers are there.

    What stands on the list of a day that was never read was there at the end of that day, so that a backfill
    brings nothing old as new; what turns up on a list that was read before is as new as it is.
    """
    day = dump.wanted.listing.day
    if day is None:
        return _Stamp(now, is_fresh=True)
    is_fresh = day >= now.astimezone(UTC).date() - timedelta(days=1)
    if dump.wanted.known is not None:
        return _Stamp(now, is_fresh)
    return _Stamp(min(now, datetime.combine(day, time.max, UTC)), is_fresh)


async def _keep_portion(database: Database, source: str, portion: _Portion, now: datetime) -> Kept:
    kept = Kept()
    async with database.writing() as session:
        for stamp, told in portion.papers:
            upserted = await papers.upsert(session, told, stamp.first_seen)
            added = len(upserted.added)
            kept += Kept(added, upserted.updated, added if stamp.is_fresh else 0)
        kept += await _keep_revisions(session, portion.ended, now)
        if any(told for _, told in portion.papers):
            await papers.remove_samples(session)
        if kept.added:
            await polls.note_news(session, source, now)
        await dumps.mark_all(session, source, [_read_dump(dump, now) for dump in portion.ended])
    return kept


async def _keep_revisions(session: AsyncSession, ended: Sequence[Read], now: datetime) -> Kept:
    """Keep what revisions tell of papers that are known; the others are news of former days."""
    told = [revision for dump in ended for revision in dump.parsed.revisions]
    known = await revisions.of_known(session, told)
    return Kept(updated=(await papers.upsert(session, known, now)).updated) if known else Kept()


def _read_dump(dump: Read, now: datetime) -> ReadDump:
    listing, parsed = dump.wanted.listing, dump.parsed
    mark = DumpMark(dump.version, dump.fingerprint, now)
    return ReadDump(listing.name, mark, len(parsed.papers), len(parsed.rejects), listing.day)

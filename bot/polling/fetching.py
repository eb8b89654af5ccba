"""Fetches and parses the dumps of one source side by side, and hands them on in order. Stores nothing."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.polling.faults import Faults
from sources.parsing import parse
from sources.source import Source
from sources.values import Dump, Listing, Parsed, SourceError
from storage.dumps import DumpMark

log = logging.getLogger(__name__)

MOST_DUMPS = 50  # handed on at once, and fetched ahead
MOST_PAPERS = 2_000  # handed on at once, but for those of one dump
_LARGE = 1_000_000  # bytes of a body


@dataclass(frozen=True, slots=True)
class Wanted:
    """A dump that is due, and how it was read last, if ever."""

    listing: Listing
    known: DumpMark | None


@dataclass(frozen=True, slots=True)
class Read:
    """A dump that is new or has changed, and what it holds."""

    wanted: Wanted
    version: str | None
    fingerprint: str
    parsed: Parsed
    is_large: bool


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A dump that is as it was; only its version may have a new name."""

    wanted: Wanted
    version: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A dump that could not be read.

    Attributes:
        why: In words.
        is_answered: Whether the source did its part.
        wait: How long the source asked to be left alone.
    """

    wanted: Wanted
    why: str
    is_answered: bool = False
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unasked:
    """A dump that was not asked for, after others had failed."""

    wanted: Wanted


Outcome = Read | Unchanged | Failed | Unasked


class Belt:
    """Carries dumps from a source to whoever stores them, in the order of their listings.

    While some are being stored the next are fetched, as many side by side as the source allows, at most
    `MOST_DUMPS` ahead. A large dump keeps its turn until it is taken, so that few of them are in memory.

    No more are asked for once the source asks to be left alone, or has failed ``patience`` times and answered
    nothing. With a patience of one they are fetched one at a time until there is an answer.
    """

    def __init__(self, source: Source, wanted: Iterable[Wanted], patience: int, faults: Faults) -> None:
        self._source = source
        self._faults = faults
        self._wanted = iter(wanted)
        self._under_way: deque[asyncio.Task[Outcome]] = deque()
        self._patience_left = patience
        self._is_asked_to_stop = False
        at_first = 1 if patience == 1 else source.at_once
        self._turns = asyncio.Semaphore(at_first)
        self._turns_kept = source.at_once - at_first

    async def take(self) -> list[Outcome]:
        """Wait for the next dump, and take those behind it that are there already; none at the end."""
        self._set_out()
        if not self._under_way:
            return []
        taken = [await self._under_way[0]]
        self._hand_over(taken[0])
        papers = _count_papers(taken[0])
        while self._under_way and self._under_way[0].done():
            following = self._under_way[0].result()
            papers += _count_papers(following)
            if papers > MOST_PAPERS:
                break
            self._hand_over(following)
            taken.append(following)
        return taken

    async def aclose(self) -> None:
        """Give up what is still being fetched."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _set_out(self) -> None:
        while len(self._under_way) < MOST_DUMPS and (wanted := next(self._wanted, None)):
            self._under_way.append(asyncio.create_task(self._read(wanted)))

    def _hand_over(self, outcome: Outcome) -> None:
        self._under_way.popleft()
        if isinstance(outcome, Read) and outcome.is_large:
            self._turns.release()

    async def _read(self, wanted: Wanted) -> Outcome:
        await self._turns.acquire()
        outcome = await self._fetch(wanted)
        if not (isinstance(outcome, Read) and outcome.is_large):
            self._turns.release()
        return outcome

    async def _fetch(self, wanted: Wanted) -> Outcome:
        if self._is_asked_to_stop or self._patience_left <= 0:
            return Unasked(wanted)
        listing, known = wanted.listing, wanted.known
        try:
            dump = await self._source.fetch(listing, known.version if known else None)
        except SourceError as error:
            log.debug("a dump cannot be fetched: %s", error)  # an outage fails many; the report tells of it
            self._patience_left -= 1
            self._is_asked_to_stop |= error.wait is not None
            return Failed(wanted, str(error), wait=error.wait)
        except Exception as error:  # noqa: BLE001 - a fault in one source must not stop the others
            self._patience_left -= 1
            return Failed(wanted, self._faults.tell(f"{listing.name} of {self._source.name}", error))
        self._hear_answer()
        if dump is None:
            return Unchanged(wanted, known.version if known else None)
        return await self._parse(dump, wanted)

    def _hear_answer(self) -> None:
        """Ask for all from now on, and side by side: the source is up, whatever else fails."""
        self._patience_left = sys.maxsize
        while self._turns_kept:
            self._turns_kept -= 1
            self._turns.release()

    async def _parse(self, dump: Dump, wanted: Wanted) -> Outcome:
        try:
            return await asyncio.to_thread(_parse, dump, wanted)
        except Exception as error:  # noqa: BLE001 - a fault in a parser must not stop the other dumps
            why = self._faults.tell(f"{dump.name} of {dump.source}", error)
            return Failed(wanted, why, is_answered=True)


def _count_papers(outcome: Outcome) -> int:
    return len(outcome.parsed.papers) if isinstance(outcome, Read) else 0


def _parse(dump: Dump, wanted: Wanted) -> Outcome:
    fingerprint = dump.fingerprint
    if wanted.known and wanted.known.fingerprint == fingerprint:
        return Unchanged(wanted, dump.version)
    parsed = parse(dump.body, fetched=dump.fetched.date() if dump.fetched else None, day=dump.day)
    if dump.hearsay:
        parsed = parsed.as_hearsay()
    if parsed.rejects:
        first, count = parsed.rejects[0], len(parsed.rejects)
        more = f", and {count - 1} rejects more" if count > 1 else ""
        log.warning("%s, line %d: %s%s", dump.name, first.line or 1, first.reason, more)
    return Read(wanted, dump.version, fingerprint, parsed, len(dump.body) > _LARGE)

"""The doctor's look at the sources: each is asked for one dump, and told of as the database knows it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.checkups.findings import Finding, Health
from bot.messages.language import ENGLISH
from bot.messages.sources import explain_signs, tell_missing, tell_standing, tell_trouble, tell_week
from bot.polling.circuit import resting_until
from bot.polling.health import SourceHealth, Verdict, watch_over
from bot.settings import Settings
from sources.catalogue import hosts_of, open_sources
from sources.folder import FolderSource
from sources.source import Source
from sources.values import Listing, SourceError
from sources.web.address import public_name, read_url
from sources.web.client import open_web
from storage import dumps
from storage.database import Database
from storage.dumps import DumpMark
from storage.errors import StorageError
from storage.polls import Poll

RECENT = timedelta(days=1)  # what was read since then has missed no day's list yet
_EMPTY = "holds no files yet: put lists of papers there, as text, HTML, JSON, Atom or RSS"
_NAMES = "Other names than of folders are huggingface, arxiv:cs.AI+cs.CL and addresses with https://"
_ADVICE = {
    Verdict.NEW: "`paperboy poll` reads it now",
    Verdict.LATE: "Is `paperboy run` running? `paperboy poll` reads it now",
    Verdict.UNREADABLE: "`paperboy parse` says what is wrong with a copy of it; a newer Paperboy may read it",
    Verdict.FAILING: "`paperboy poll` tries again at once",
    Verdict.RESTING: "`paperboy poll` tries again at once",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows of a source; nothing where it cannot be read."""

    health: SourceHealth | None = None
    marks: Mapping[str, DumpMark] = field(default_factory=dict)

    @property
    def poll(self) -> Poll | None:
        return self.health.poll if self.health else None


async def examine_sources(settings: Settings, now: datetime) -> list[Finding]:
    """Ask each source, side by side, for its newest dump, and only if it is not known as it is."""
    if not settings.source_names:
        return [Finding(Health.BROKEN, "Sources", "none: set DUMPS_DIR or SOURCES")]
    async with open_web(hosts_of(settings.source_names, settings.endpoints)) as web:
        sources = open_sources(settings.source_names, web, lambda: now, settings.endpoints)
        known = await _recall(settings, sources, now)
        examined = (_examine(source, known.get(source.name, _Known()), now) for source in sources)
        return [*await asyncio.gather(*examined), _tell_lookup(settings)]


async def _recall(settings: Settings, sources: Sequence[Source], now: datetime) -> dict[str, _Known]:
    """Read what is known of the sources; that a database cannot be read is told by who examines it."""
    database = Database(settings.database)
    try:
        await database.open()
        async with database.reading() as session:
            return {
                health.source: _Known(health, await dumps.marks(session, health.source))
                for health in await watch_over(settings, sources).look(session, now)
            }
    except StorageError:
        return {}
    finally:
        await database.close()


async def _examine(source: Source, known: _Known, now: datetime) -> Finding:
    if known.poll and resting_until(known.poll, now, by_hand=True):
        words = "is not asked now, for it asked to be left alone"
        return _find(source, known, _grade_fault(known.health), words)
    try:
        listings = await source.list(now.date())
        await _ask(source, listings, known)
    except SourceError as error:
        answer, known = _explain(source, error), _forget_reason(known, str(error))
        return _find(source, known, _grade_fault(known.health), answer, fails=True)
    if not listings:
        return Finding(Health.HINT, source.name, _EMPTY)
    return _find(source, known, _grade(known.health), _tell_answer(source, listings))


def _forget_reason(known: _Known, error: str) -> _Known:
    """Leave out why it failed before where that is why it fails now."""
    if known.health is None or known.poll is None or known.poll.why != error:
        return known
    return replace(known, health=replace(known.health, poll=replace(known.poll, why="as it does now")))


def _explain(source: Source, error: SourceError) -> str:
    """Say why it fails; what is taken for a folder may have been meant for another name."""
    is_path = not isinstance(source, FolderSource) or Path(source.name).name != source.name
    return str(error) if is_path else f"{error}. {_NAMES}"


def _find(source: Source, known: _Known, grade: Health, answer: str, *, fails: bool = False) -> Finding:
    history = _tell_history(known.health, fails=fails) if known.health else []
    return Finding(grade, source.name, "\n".join([answer, *history]))


async def _ask(source: Source, listings: Sequence[Listing], known: _Known) -> None:
    if listings:
        mark = known.marks.get(listings[0].name)
        await source.fetch(listings[0], mark.version if mark else None)


def _grade_fault(health: SourceHealth | None) -> Health:
    """Grade a source that cannot be read now: what was read lately may be back before anything is missed."""
    recent = health is not None and health.lag is not None and health.lag <= RECENT
    return Health.HINT if recent else Health.BROKEN


def _grade(health: SourceHealth | None) -> Health:
    well = health is not None and health.verdict is Verdict.WELL and not health.missing
    return Health.WELL if well else Health.HINT


def _tell_answer(source: Source, listings: Sequence[Listing]) -> str:
    if not isinstance(source, FolderSource):
        return "answers"
    return f"holds {len(listings)} file{'s'[: len(listings) != 1]}"


def _tell_history(health: SourceHealth, *, fails: bool) -> list[str]:
    """Tell how it did so far, and what to do next; a line each, none for what there is nothing to tell of."""
    unusual = f"{tell_missing(ENGLISH, health)} {tell_trouble(ENGLISH, health)}"
    lines = (
        tell_standing(ENGLISH, health),
        _tell_days(health),
        unusual.strip(),
        _advise(health, fails=fails),
    )
    return [line for line in lines if line]


def _tell_days(health: SourceHealth) -> str:
    week, signs = tell_week(ENGLISH, health), explain_signs(ENGLISH, [health])
    return f"{week} ({signs})" if signs else week


def _advise(health: SourceHealth, *, fails: bool) -> str:
    """Say what to do next; nothing where there is nothing to do."""
    if health.poll and resting_until(health.poll, health.at, by_hand=True):
        return "Nothing to do: `paperboy poll` waits for that too"
    if health.missing:
        days = (health.today - health.missing[0]).days
        return f"`paperboy poll --backfill {days}d` reads the days that are missing"
    verdict = Verdict.FAILING if fails and health.verdict is Verdict.NEW else health.verdict
    return _ADVICE.get(verdict, "")


def _tell_lookup(settings: Settings) -> Finding:
    if settings.arxiv_lookup:
        says = (
            f"on: papers that came without an id are looked up at {public_name(read_url(settings.arxiv_api))}"
        )
    else:
        says = "off, as ARXIV_LOOKUP=false wants it: papers that came without an id keep none"
    return Finding(Health.WELL, "arXiv look-up", says)

"""Measures the way from a source to stored papers: `python -m benchmarks.sources [--json]`.

Parsing by kind of dump; 580 days of lists from a local server (in a process of its own, so that its time is
not ours) into SQLite; a poll that brings nothing; a folder of 10,000 files; 100,000 papers stored.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.parsing import measure_parsing
from benchmarks.report import Figure, report
from benchmarks.storage import measure_upserts
from bot.polling.polled import SourceReport
from bot.polling.poller import poll
from sources.catalogue import Endpoints, open_sources
from sources.source import Source
from sources.web.client import open_web
from storage import papers
from storage.database import Database

FIRST, DAYS = date(2024, 3, 1), 580
NOW = datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(days=DAYS, hours=-1)
FILES = 10_000
QUIET_POLLS = 21
ALL, RECENT = timedelta(days=DAYS - 1), timedelta(days=14)  # how far back lists are read


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure Paperboy's sources.")
    parser.add_argument("--json", action="store_true", help="one JSON object a figure")
    as_json = parser.parse_args().json
    report(measure_parsing(), as_json)
    report(asyncio.run(_measure_polls()), as_json)


async def _measure_polls() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with _database(folder / "lists.db") as database:
            lists = await _measure_lists(database)
        async with _database(folder / "files.db") as database:
            files = await _measure_folder(folder / "dumps", database)
        async with _database(folder / "bulk.db") as database:
            bulk = await measure_upserts(database)
    return [*lists, *files, *bulk]


@asynccontextmanager
async def _database(file: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{file}")
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@dataclass
class Stand:
    """A newsstand in a process of its own, by the pipes to it."""

    process: subprocess.Popen[str]
    url: str

    def count(self) -> int:
        """Count the requests so far."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def _newsstand() -> Iterator[Stand]:
    options = ("--first", str(FIRST), "--days", str(DAYS), "--at", NOW.isoformat())
    command = [sys.executable, "-m", "benchmarks.newsstand", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603 - our own
        assert process.stdout
        yield Stand(process, process.stdout.readline().strip())


async def _measure_lists(database: Database) -> list[Figure]:
    with _newsstand() as stand:
        async with open_web() as web:
            sources = open_sources(["huggingface"], web, lambda: NOW, Endpoints(huggingface=stand.url))
            first, (read,) = await _timed(sources, database, NOW, ALL)
            assert not read.why, read.why
            asked = stand.count()
            later = [NOW + timedelta(minutes=1 + number) for number in range(QUIET_POLLS)]
            quiet = [await _timed(sources, database, now, RECENT) for now in later]
            requests = (stand.count() - asked) / QUIET_POLLS
    assert not any(report.added or report.updated for _, (report,) in quiet)
    own = statistics.median(taken.own for taken, _ in quiet)
    return [
        Figure(f"{DAYS} days of lists into SQLite", first.wall, "s", "under 20"),
        Figure(f"{DAYS} days of lists: papers", await _count(database), "papers", "about 10,000"),
        Figure(f"{DAYS} days of lists: requests", asked, "requests"),
        Figure("a source without news: requests a poll", requests, "requests", "1"),
        Figure("a source without news: a poll, median", _wall_ms(quiet), "ms", "under 5"),
        Figure("a source without news: our own part of it", own * 1e3, "ms"),
    ]


async def _measure_folder(folder: Path, database: Database) -> list[Figure]:
    _fill(folder)
    async with open_web() as web:
        sources = open_sources([str(folder)], web, lambda: NOW, Endpoints())
        first, _ = await _timed(sources, database, NOW, RECENT)
        quiet = [await _timed(sources, database, NOW, RECENT) for _ in range(QUIET_POLLS)]
    assert await _count(database) == FILES
    return [
        Figure(f"a folder of {FILES:,} files: first poll", first.wall, "s"),
        Figure(f"a folder of {FILES:,} files: a poll without news", _wall_ms(quiet), "ms"),
    ]


def _fill(folder: Path) -> None:
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:05}.json").write_text(_invented_file(number), encoding="utf-8")


def _invented_file(number: int) -> str:
    paper = {
        "id": f"{2401 + number // 5_000}.{number % 5_000:05}",
        "title": f"Watching Garden {number} Without Its Gardener",
        "summary": f"We study how garden {number} grows when nobody looks. " * 20,
        "upvotes": number % 90,
    }
    return json.dumps([{"paper": paper}])


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long something took: by the clock on the wall, and of this process's own."""

    wall: float
    own: float


async def _timed(
    sources: Sequence[Source], database: Database, now: datetime, backfill: timedelta
) -> tuple[Seconds, list[SourceReport]]:
    wall, own = time.perf_counter(), time.process_time()
    reports = await poll(sources, database, lambda: now, backfill)
    return Seconds(time.perf_counter() - wall, time.process_time() - own), reports


def _wall_ms(polls: Sequence[tuple[Seconds, list[SourceReport]]]) -> float:
    return statistics.median(taken.wall for taken, _ in polls) * 1e3


async def _count(database: Database) -> int:
    async with database.reading() as session:
        return await papers.count(session)


if __name__ == "__main__":
    main()

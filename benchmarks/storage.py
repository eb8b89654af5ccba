"""Measures the database on disk: 100,000 papers stored; hard lists; daily use by 1,000 readers of 10,000.

Run as ``python -m benchmarks.storage [--json]``. All texts are invented, always the same ones.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.report import Figure, report
from recommender.values import Paper, Pick, Reason, Slot
from storage import ledger, papers, readers, votes
from storage.database import Database
from storage.ledger import Kind, Outcome, State

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)
DAYS = 30
READERS = 1_000
VOTES_A_READER = 20
WORDS = [f"word{number}" for number in range(5_000)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure Paperboy's storage.")
    parser.add_argument("--json", action="store_true", help="one JSON object a figure")
    report(asyncio.run(_measure()), parser.parse_args().json)


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        bulk = await _with_database(Path(folder) / "bulk.db", measure_upserts)
        crowd = await _with_database(Path(folder) / "crowd.db", _measure_crowd)
        joins = await _with_database(Path(folder) / "joins.db", _measure_joins)
        daily = await _with_database(Path(folder) / "daily.db", _measure_daily_use)
    return [*bulk, *crowd, *joins, *daily]


async def _with_database(file: Path, measure: Callable[[Database], Awaitable[list[Figure]]]) -> list[Figure]:
    database = Database(f"sqlite:///{file}")
    await database.open()
    try:
        return await measure(database)
    finally:
        await database.close()


async def measure_upserts(database: Database) -> list[Figure]:
    """Store 100,000 invented papers in an empty database, and the same again."""
    dump = invented_papers(100_000)
    before = _peak_mb()
    first = await _timed(lambda: _store(database, dump, NOW))
    peak = _peak_mb()
    again = await _timed(lambda: _store(database, dump, NOW))
    async with database.reading() as session:
        assert await papers.count(session) == len(dump)
    return [
        Figure("100,000 papers upserted", len(dump) / first, "papers/s", "at least 5,000"),
        Figure("the same again, nothing new", len(dump) / again, "papers/s", "at least 5,000"),
        Figure("peak memory with the list in it", peak, "MB", "under 400"),
        Figure("peak memory that the upsert added", peak - before, "MB"),
    ]


async def _measure_crowd(database: Database) -> list[Figure]:
    """Measure papers that no title tells apart: what grows with the square of their number shows here."""
    crowd = [replace(paper, title="Editorial", arxiv_id=None) for paper in invented_papers(10_000)]
    first = await _timed(lambda: _store(database, crowd, NOW))
    async with database.reading() as session:
        assert await papers.count(session) == len(crowd)
    return [Figure("10,000 papers of one title", first, "s", "under 2")]


async def _measure_joins(database: Database) -> list[Figure]:
    """Measure rows that become one: each paper was stored as a text, and under another title with an id."""
    named = [
        replace(paper, arxiv_id=f"9999.{number:05}") for number, paper in enumerate(invented_papers(10_000))
    ]
    await _store(database, [replace(paper, arxiv_id=None) for paper in named], NOW)
    await _store(database, [replace(paper, title=f"On {paper.title}", abstract="") for paper in named], NOW)
    joining = await _timed(lambda: _store(database, named, NOW))
    async with database.reading() as session:
        assert await papers.count(session) == len(named)
    return [Figure("20,000 papers that become 10,000", joining, "s", "under 4")]


async def _measure_daily_use(database: Database) -> list[Figure]:
    await _fill(database)
    rng = random.Random(2)  # noqa: S311 - a benchmark needs no secrets
    thumbs = [await _timed(lambda: _thumb(database, rng.randrange(READERS))) for _ in range(1_000)]
    lists = [await _timed(lambda: _candidates(database, rng.randrange(READERS), 7)) for _ in range(200)]
    all_papers = [await _timed(lambda: _candidates(database, 1, 365)) for _ in range(20)]
    crowd = await _timed(lambda: _thumbs_at_once(database, 200))
    claims = await _timed(lambda: _deliver_all(database))
    return [
        *_spread("thumb: digest read, vote put, votes read, tally", thumbs),
        *_spread("candidates of the last 7 days", lists),
        Figure("candidates among all 10,000 papers, median", statistics.median(all_papers) * 1e3, "ms"),
        Figure("200 thumbs at once", crowd * 1e3, "ms"),
        Figure("1,000 digests claimed and marked sent, in hundreds", claims * 1e3, "ms"),
        Figure("peak memory in the end", _peak_mb(), "MB", "under 400"),
    ]


def invented_papers(count: int) -> list[Paper]:
    """Make papers of about 1,200 characters each; one in four has no arXiv id, as in a text dump."""
    rng = random.Random(1)  # noqa: S311 - a benchmark needs no secrets
    return [_invented_paper(rng, number) for number in range(count)]


def _invented_paper(rng: random.Random, number: int) -> Paper:
    return Paper(
        title=" ".join(rng.choices(WORDS, k=9)),
        abstract=" ".join(rng.choices(WORDS, k=140)),
        arxiv_id=f"{number // 20_000:04}.{number % 20_000:05}" if number % 4 else None,
        authors=tuple(" ".join(rng.choices(WORDS, k=2)) for _ in range(6)),
        author_count=6,
        upvotes=rng.randrange(200),
        comments=rng.randrange(20),
        keywords=tuple(rng.choices(WORDS, k=5)),
    )


async def _fill(database: Database) -> None:
    """Store 10,000 papers over thirty days, and 1,000 readers with votes and a planned digest each."""
    dump = invented_papers(10_000)
    for day, batch in enumerate(_shared_out(dump, DAYS)):
        await _store(database, batch, NOW - timedelta(days=DAYS - 1 - day))
    rng = random.Random(3)  # noqa: S311 - a benchmark needs no secrets
    async with database.writing() as session:
        for chat_id in range(READERS):
            await readers.subscribe(session, chat_id, "private", NOW)
            for paper_id in rng.sample(range(1, 10_001), VOTES_A_READER):
                await votes.put(session, chat_id, chat_id, paper_id, rng.random() < 0.8, NOW)  # noqa: PLR2004 - most thumbs go up
            picks = [
                Pick(paper_id, 0.5, Slot.TASTE, Reason(1, ("a", "b"))) for paper_id in range(9_001, 9_004)
            ]
            await ledger.plan(session, chat_id, Kind.DAILY, picks, NOW, local_day=NOW.date())


def _shared_out(dump: Sequence[Paper], parts: int) -> Iterator[Sequence[Paper]]:
    return (dump[part::parts] for part in range(parts))


async def _store(database: Database, dump: Sequence[Paper], now: datetime) -> None:
    async with database.writing() as session:
        await papers.upsert(session, dump, now)


async def _thumb(database: Database, chat_id: int) -> None:
    """Do what a press of a button asks of the database."""
    async with database.writing() as session:
        digest = await ledger.get(session, chat_id, chat_id + 1)
        assert digest is not None
        paper_ids = [pick.paper_id for pick in digest.picks]
        await votes.put(session, chat_id, chat_id, paper_ids[0], True, NOW)  # noqa: FBT003 - a vote is a direction
        await votes.of_person(session, chat_id, chat_id, paper_ids)
        await votes.tally(session, chat_id, paper_ids)


async def _thumbs_at_once(database: Database, count: int) -> None:
    await asyncio.gather(*(_thumb(database, chat_id) for chat_id in range(count)))


async def _candidates(database: Database, chat_id: int, days: int) -> None:
    async with database.reading() as session:
        assert await papers.candidates(session, chat_id, since=NOW - timedelta(days=days), at_least=20)


async def _deliver_all(database: Database) -> None:
    for _ in range(READERS // 100):
        async with database.writing() as session:
            claimed = await ledger.claim(session, NOW, timedelta(minutes=1), 100)
            outcomes = [Outcome(digest_id=one.id, state=State.SENT, message_id=1) for one in claimed]
            await ledger.settle(session, outcomes, NOW)
    async with database.reading() as session:
        assert (await ledger.counts(session, NOW))[State.SENT] == READERS


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


def _spread(name: str, seconds: Sequence[float]) -> list[Figure]:
    return [
        Figure(f"{name}, median", statistics.median(seconds) * 1e3, "ms"),
        Figure(f"{name}, 99th of 100", statistics.quantiles(seconds, n=100)[98] * 1e3, "ms"),
    ]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

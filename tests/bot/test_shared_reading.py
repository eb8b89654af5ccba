"""What one process had the model read, the others know: rankers on one PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from two_subjects import TwoSubjects

from bot.ranking.meanings import Meanings
from bot.ranking.ranker import Ranker
from bot.ranking.space_file import SpaceFolder
from recommender.first_history import state
from recommender.interests import read_interests
from recommender.values import Candidate, Paper, Vote
from storage import papers
from storage.database import Database

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
TITLES = ["keel laid", "mast raised", "anchor dropped", *(f"hive {n} hums" for n in range(8))]


@pytest.fixture
async def database(bare_postgres_url: str) -> AsyncIterator[Database]:
    database = Database(bare_postgres_url)
    await database.open()
    yield database
    await database.close()


class Process:
    """A ranker with a model of its own."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.model = TwoSubjects()
        self.ranker = Ranker(database, Meanings(database, lambda: self.model), SpaceFolder(folder))

    async def prefers(self, liked: int, *others: int) -> int:
        votes = [Vote(liked, up=True, at=NOW)]
        (pick,) = await self.ranker.pick(votes, [Candidate(paper_id) for paper_id in others], 1)
        return pick.paper_id


@pytest.fixture
def first(database: Database, tmp_path: Path) -> Process:
    return Process(database, tmp_path / "first")


@pytest.fixture
def second(database: Database, tmp_path: Path) -> Process:
    return Process(database, tmp_path / "second")


async def store(database: Database, *titles: str) -> list[int]:
    async with database.writing() as session:
        found = await papers.upsert(session, [Paper(title=title) for title in titles], NOW)
        return list(found.added)


async def test_what_another_process_read_counts_and_is_not_read_again(
    database: Database, first: Process, second: Process
) -> None:
    """The second one was there before the first had read anything."""
    keel, mast, _, hive, *_ = await store(database, *TITLES)
    await second.ranker.renew()
    await first.ranker.renew()
    await first.ranker.read_unread()
    await second.ranker.read_unread()
    assert second.model.read == []
    assert await second.prefers(keel, hive, mast) == mast


async def test_a_process_that_is_not_to_read_waits_for_one_that_is(
    database: Database, first: Process, second: Process
) -> None:
    keel, mast, _, hive, *_ = await store(database, *TITLES)
    for process in (second, first):
        await process.ranker.renew()
    await second.ranker.read_unread(reads=False)
    assert second.model.read == []
    await first.ranker.read_unread()
    await second.ranker.read_unread(reads=False)
    assert second.model.read == []
    assert await second.prefers(keel, hive, mast) == mast


async def test_an_interest_that_another_process_read_counts_by_its_meaning(
    database: Database, first: Process, second: Process
) -> None:
    """It was asked for here before it was read there."""
    ids = await store(database, *TITLES)
    for process in (first, second):
        await process.ranker.renew()
        await process.ranker.read_unread()
    said = state(read_interests("boat keel"))
    candidates = [Candidate(paper_id) for paper_id in ids]
    before = await second.ranker.pick([], candidates, 3, interests=said)
    await first.ranker.read(said)
    await second.ranker.read_unread(reads=False)
    after = await second.ranker.pick([], candidates, 3, interests=said)
    assert second.model.read == []
    assert after == await first.ranker.pick([], candidates, 3, interests=said) != before


async def test_papers_that_another_process_stored_come_onto_the_shelf(
    database: Database, first: Process
) -> None:
    """Where there are none, nothing is done."""
    await store(database, *TITLES)
    assert [await first.ranker.keep_up(), await first.ranker.keep_up()] == [True, False]
    (paper_id,) = await store(database, "keel once more")
    assert await first.ranker.keep_up()
    assert paper_id in await first.ranker.search("keel", 3)

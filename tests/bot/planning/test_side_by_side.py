"""Planned for by several at once, or again: each reader has one digest of a day, and no paper twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.planning import Planner
from bot.queueing.plan_queue import PlanQueue
from bot.ranking.meanings import Meanings
from bot.ranking.ranker import Ranker
from bot.ranking.rulebooks import Rulebooks
from bot.ranking.space_file import SpaceFolder
from bot.ranking.strength import Strength
from recommender.values import Paper
from storage import digests, papers, readers
from storage.database import Database
from storage.digests import Digest, Kind
from storage.tables import DIGESTS

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
CHATS = range(-100, 200)


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    await settle(database)
    yield database
    await database.close()


async def settle(database: Database) -> None:
    """Store papers of today, and readers who are all due."""
    async with database.writing() as session:
        listed = [Paper(title=f"Study {number} of {number % 5}", upvotes=number) for number in range(20)]
        await papers.upsert(session, listed, NOW - timedelta(hours=1))
        for chat_id in CHATS:
            reader, _ = await readers.subscribe(session, chat_id, "private", NOW)
            await readers.save(session, replace(reader, hour=8, timezone="UTC", next_due_at=NOW))


def process_on(database: Database, folder: Path, number: int) -> Planner:
    """Make a planner as a process of its own has one."""
    ranker = Ranker(database, Meanings(database, lambda: None), SpaceFolder(folder / f"space{number}"))
    strength = Strength(database, percentile=0)
    return Planner(
        database, ranker, Rulebooks(), strength, timedelta(days=7), timedelta(hours=12), lambda: 0.999
    )


async def all_digests(database: Database) -> Sequence[Digest]:
    async with database.reading() as session:
        return await digests.read(session, DIGESTS.c.chat_id.is_not(None))


def assert_each_has_one(found: Sequence[Digest]) -> None:
    assert Counter(digest.chat_id for digest in found) == dict.fromkeys(CHATS, 1)
    assert all(len(digest.picks) == 3 for digest in found)


async def test_a_range_that_is_planned_twice_is_planned_once(database: Database, tmp_path: Path) -> None:
    planner = process_on(database, tmp_path, 0)
    assert (await planner.plan_range(-100, 50, NOW)).readers == 151
    assert (await planner.plan_range(-100, 50, NOW)).readers == 0
    assert await planner.plan_due(NOW) == len(CHATS) - 151
    assert_each_has_one(await all_digests(database))


async def test_who_got_ready_has_nothing_to_hear_when_all_are_due(database: Database, tmp_path: Path) -> None:
    planner = process_on(database, tmp_path, 0)
    recent = (await planner.wish_strong(NOW)).recent
    await planner.ranker.renew()
    await planner.get_ready(NOW)
    assert await planner.ranker.hear_ahead(recent) == 0
    assert await process_on(database, tmp_path, 1).ranker.hear_ahead(recent) == len(recent)


async def test_ranges_that_overlap_give_nobody_two(database: Database, tmp_path: Path) -> None:
    """Each of the processes read the same readers as due before any of them had planned."""
    processes = [process_on(database, tmp_path, number) for number in range(3)]
    await asyncio.gather(
        *(
            process.plan_range(first, 199, NOW)
            for process, first in zip(processes, (-100, -100, 0), strict=True)
        )
    )
    assert_each_has_one(await all_digests(database))


async def test_what_readers_ask_for_meanwhile_is_not_in_their_digest_of_the_day(
    database: Database, tmp_path: Path
) -> None:
    planner, other = (process_on(database, tmp_path, number) for number in range(2))
    async with database.reading() as session:
        known = await readers.of_chats(session, range(20))
    await asyncio.gather(
        planner.plan_range(-100, 199, NOW),
        *(other.plan_asked(reader, 1_000 + chat_id, NOW) for chat_id, reader in known.items()),
    )
    found = await all_digests(database)
    assert_each_has_one([digest for digest in found if digest.kind is Kind.DAILY])
    given = Counter((digest.chat_id, pick.paper_id) for digest in found for pick in digest.picks)
    assert set(given.values()) == {1}


class Counting:
    """Plans as its planner does, and tells when so many readers have been planned for."""

    def __init__(self, planner: Planner, readers: int) -> None:
        self._planner = planner
        self._left = readers
        self.due_ids = planner.due_ids
        self.done = asyncio.Event()

    async def plan_range(self, first: int, last: int, now: datetime) -> None:
        planned = await self._planner.plan_range(first, last, now)
        self._left -= planned.readers
        if self._left <= 0:
            self.done.set()


async def test_two_workers_on_one_queue_plan_for_each_once(bare_postgres_url: str, tmp_path: Path) -> None:
    database = Database(bare_postgres_url)
    await database.open()
    await settle(database)
    stopping = asyncio.Event()
    plans = Counting(process_on(database, tmp_path, 0), len(CHATS))
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        for _ in range(2):
            queue = PlanQueue(bare_postgres_url, plans, lambda: NOW, most=50)
            await queue.open()
            stack.push_async_callback(queue.close)
            tasks.create_task(queue.work(stopping))
        assert await queue.hand_out(NOW) == len(CHATS) // 50
        await plans.done.wait()
        stopping.set()
    assert_each_has_one(await all_digests(database))
    await database.close()

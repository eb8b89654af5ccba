"""Transactions: what is promised to callers who share one database."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from recommender.values import Paper
from storage import papers, readers
from storage.database import Database, StorageError
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]
REPOSITORY = Path(__file__).parents[2]


class Interrupted(Exception):  # noqa: N818 - it is no error of the database
    pass


async def count(database: Database) -> int:
    """Count the papers that are there to see."""
    async with database.reading() as session:
        return await papers.count(session)


async def miss_once_more(database: Database) -> None:
    """Read a reader, think, and write them back."""
    async with database.writing() as session:
        reader = await readers.get(session, 1)
        assert reader is not None
        await asyncio.sleep(0)
        await readers.save(session, replace(reader, misses=reader.misses + 1))


async def test_no_change_is_lost(database: Database, url: str, now: datetime) -> None:
    """Twenty read-modify-writes at once, from two processes' worth of connections, all land."""
    async with database.writing() as session:
        await readers.subscribe(session, 1, "private", now)
    second = Database(url)
    await asyncio.gather(*(miss_once_more(process) for process in [database, second] * 10))
    await second.close()
    async with database.reading() as session:
        reader = await readers.get(session, 1)
    assert reader is not None
    assert reader.misses == 20


async def write_and_stop(database: Database, now: datetime) -> None:
    """Begin to write, and run into an error."""
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title="A")], now)
        raise Interrupted


async def test_an_error_leaves_nothing(database: Database, now: datetime) -> None:
    """A transaction that ends in an error is undone whole, and the error comes through."""
    with pytest.raises(Interrupted):
        await write_and_stop(database, now)
    assert await count(database) == 0


async def test_a_cancelled_task_leaves_nothing(database: Database, store: Store, now: datetime) -> None:
    """A task that is cancelled in its transaction leaves nothing, and the next writer gets through."""

    async def write(begun: asyncio.Event) -> None:
        async with database.writing() as session:
            await papers.upsert(session, [Paper(title="A")], now)
            begun.set()
            await asyncio.Event().wait()

    begun = asyncio.Event()
    task = asyncio.create_task(write(begun))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store(Paper(title="B"))
    assert await count(database) == 1


async def test_a_killed_process_leaves_nothing(database: Database, url: str) -> None:
    """A process killed in the middle of a transaction leaves nothing, and locks nobody out."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITE_AND_WAIT, url, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"written\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with database.writing() as session:
        assert await papers.count(session) == 0


WRITE_AND_WAIT = """
import asyncio, sys
from datetime import UTC, datetime
from recommender.values import Paper
from storage import papers
from storage.database import Database

async def main():
    database = Database(sys.argv[1])
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title="A")], datetime.now(UTC))
        print("written", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_readers_wait_for_no_writer(database: Database, now: datetime) -> None:
    """While a writer is at work, others read what was there before."""
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title="A")], now)
        assert await asyncio.wait_for(count(database), timeout=2) == 0
    assert await count(database) == 1


async def test_a_reader_sees_one_state(database: Database, store: Store) -> None:
    """What is written while a reader reads shows only in the next session."""
    async with database.reading() as session:
        assert await papers.count(session) == 0
        await store(Paper(title="A"))
        assert await papers.count(session) == 0


async def test_a_reader_cannot_write(database: Database, now: datetime) -> None:
    """A write in a reading session is refused, not lost in silence."""
    with pytest.raises(StorageError, match=r"cannot be (written|used: .*read-only)"):
        async with database.reading() as session:
            await papers.upsert(session, [Paper(title="A")], now)


async def test_a_long_lock_is_told_in_words(url: str, file: Path, database: Database, now: datetime) -> None:
    """Where another program holds the file longer than patience lasts, the error says so."""
    impatient = Database(url, patience=timedelta(milliseconds=50))
    other = sqlite3.connect(file)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match=f"{file} is locked by another program"):
        async with impatient.writing() as session:
            await papers.upsert(session, [Paper(title="A")], now)
    other.close()
    await impatient.close()


async def test_errors_show_no_abstract(database: Database, now: datetime) -> None:
    """An error of the database may be logged: it holds nothing of what was written."""
    with pytest.raises(Exception, match="no time zone") as caught:
        async with database.writing() as session:
            await papers.upsert(session, [Paper(title="A", abstract="Secret")], now.replace(tzinfo=None))
    assert "Secret" not in str(caught.value)


async def test_a_writer_that_is_cancelled_leaves_no_lock(url: str, now: datetime) -> None:
    """Wherever in its transaction it was: the next one need not wait."""
    database = Database(url, patience=timedelta(seconds=1))
    await database.open()
    for steps in range(0, 120, 2):
        writing = asyncio.create_task(write_one(database, steps, now))
        for _ in range(steps % 61):
            await asyncio.sleep(0)
        await asyncio.sleep(0.0001 * steps)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await write_one(database, 1_000 + steps, now)
    assert await count(database) >= 60
    await database.close()


async def write_one(database: Database, number: int, now: datetime) -> None:
    """Store a paper."""
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title=f"Paper {number}", abstract="long " * 100)], now)

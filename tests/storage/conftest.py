from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recommender.values import Paper
from storage import papers
from storage.database import Database
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]


@pytest.fixture
def now() -> datetime:
    """Fix the hour of the morning digest."""
    return datetime(2026, 1, 31, 7, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name the file of the database."""
    return tmp_path / "paperboy.db"


@pytest.fixture
def url(file: Path) -> str:
    """Name the database."""
    return f"sqlite:///{file}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Open a real database in a file of its own."""
    database = Database(url, patience=timedelta(seconds=5))
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def store(database: Database, now: datetime) -> Store:
    """Give a function that upserts the given papers in a transaction of its own."""

    async def store(*dump: Paper, at: datetime = now, sample: bool = False) -> Upserted:
        async with database.writing() as session:
            return await papers.upsert(session, dump, at, sample=sample)

    return store

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

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
def shared() -> Path:
    """Where the real lists are; they are no part of this repository."""
    path = Path(__file__).parents[3] / "shared"
    if not path.is_dir():
        pytest.skip("the real lists are not at hand")
    return path


@pytest.fixture
def url(request: pytest.FixtureRequest, dialect: str) -> str:
    """Name the database, which has tables where it is asked for, and else is for the test to open."""
    is_asked_for = "database" in request.fixturenames
    name: str = request.getfixturevalue("empty_url" if is_asked_for else "bare_url")
    return name


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Open a real database of the test's own."""
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


@pytest.fixture
async def session(database: Database, store: Store) -> AsyncIterator[AsyncSession]:
    """Open a transaction on a database with the papers 1, 2 and 3."""
    await store(*(Paper(title=title) for title in "ABC"))
    async with database.writing() as session:
        yield session

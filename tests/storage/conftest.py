from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from os import environ
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, make_url, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from recommender.values import Paper
from storage import papers
from storage.database import Database
from storage.papers import Upserted

# The URL of a PostgreSQL server on which databases may be made; without one the tests run on SQLite.
POSTGRES = environ.get("PAPERBOY_TEST_POSTGRES", "")
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
def file(tmp_path: Path) -> Path:
    """Name the file of the database; there is none on PostgreSQL."""
    if POSTGRES:
        pytest.skip("this is a promise about SQLite's file")
    return tmp_path / "paperboy.db"


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """Name the database: a file that is not there yet, or an empty database on the server that was named."""
    if not POSTGRES:
        yield f"sqlite:///{tmp_path / 'paperboy.db'}"
        return
    name = f"paperboy_{uuid4().hex}"
    await order(f"CREATE DATABASE {name}")
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    await order(f"DROP DATABASE {name} WITH (FORCE)")


async def order(statement: str) -> None:
    """Have the server make or drop a database."""
    server = make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))


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


@pytest.fixture
async def session(database: Database, store: Store) -> AsyncIterator[AsyncSession]:
    """Open a transaction on a database with the papers 1, 2 and 3."""
    await store(*(Paper(title=title) for title in "ABC"))
    async with database.writing() as session:
        yield session

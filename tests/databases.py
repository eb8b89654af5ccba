"""The databases of the tests: a SQLite file and one on a real PostgreSQL, each test's own.

A test that asks for ``dialect``, by whatever fixture, runs once on each. One whose promise is about SQLite's
file asks for ``file`` besides, and runs on that alone; so does one that asks for ``any_database``.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from os import environ
from pathlib import Path

import pytest
from postgres import NoPostgresError, Server, met, served
from reused import empty

NO_POSTGRES = "no PostgreSQL can be started here"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have each test run on each database that its promise is about."""
    if "dialect" in metafunc.fixturenames:
        needs_only_a_file = not {"file", "any_database"}.isdisjoint(metafunc.fixturenames)
        metafunc.parametrize("dialect", ["sqlite"] if needs_only_a_file else ["sqlite", "postgresql"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud that half of the databases was not there."""
    skipped = [r for r in terminalreporter.getreports("skipped") if NO_POSTGRES in str(r.longrepr)]
    if skipped:
        words = f"{len(skipped)} tests did not run on PostgreSQL: {NO_POSTGRES}"
        terminalreporter.write_sep("!", words, red=True, bold=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name SQLite's file, which is not there yet: what is promised of it is promised of no other database."""
    return tmp_path / "paperboy.db"


@pytest.fixture
def any_database() -> None:
    """Say that a promise is about no database, as that of a page is not: it is kept on one, the cheapest."""


@pytest.fixture
def bare_url(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Iterator[str]:
    """Name a database without tables: a file that is not there yet, or one on PostgreSQL."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'paperboy.db'}"
    else:
        yield request.getfixturevalue("bare_postgres_url")


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Iterator[str]:
    """Name a database with all tables, and nothing in them."""
    if dialect == "sqlite":
        file = shutil.copyfile(request.getfixturevalue("empty_file"), tmp_path / "paperboy.db")
        yield f"sqlite:///{file}"
    else:
        yield request.getfixturevalue("empty_postgres_url")


@pytest.fixture
def bare_postgres_url(postgres: Server) -> Iterator[str]:
    """Name a database without tables on PostgreSQL, for what is promised of that one alone."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def empty_postgres_url(reused_url: str) -> Iterator[str]:
    """Name a database on PostgreSQL with all tables, and nothing in them."""
    yield reused_url
    empty(reused_url)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a PostgreSQL, or use the one that PAPERBOY_TEST_POSTGRES names."""
    named = environ.get("PAPERBOY_TEST_POSTGRES")
    try:
        with nullcontext(named) if named else served() as url, met(url) as server:
            yield server
    except NoPostgresError as error:
        pytest.skip(f"{NO_POSTGRES}: {error}")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make all tables in a file once, to be copied: a migration takes longer than most tests."""
    file = tmp_path_factory.mktemp("empty") / "paperboy.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def reused_url(postgres: Server) -> Iterator[str]:
    """Make all tables in a database on PostgreSQL once, to be emptied after each test."""
    with postgres.database() as url:
        _migrate(url)
        yield url


def _migrate(url: str) -> None:
    from storage.database import Database  # noqa: PLC0415 - most rooms' tests need no database, nor its imports

    async def migrate() -> None:
        database = Database(url)
        await database.open()
        await database.close()

    asyncio.run(migrate())

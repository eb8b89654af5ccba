"""From every earlier schema, with rows in all tables: an upgrade loses nothing, or fails as a whole."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from storage.address import complete
from storage.database import Database, StorageError
from storage.engines import postgresql_migrating_engine
from storage.schema import alembic_config

Rows = list[dict[str, Any]]
NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)
ROWS = 3
# Columns in which any value of their type would not do: what a migration reads says what they may hold.
SAID: dict[str, Any] = {
    "authors": '["A. Author"]',
    "chat_id": 7,
    "keywords": '["a word"]',
    "kind": "daily",
    "layout": "list",
    "paper_id": 1,
    "reason_terms": '["a term"]',
    "state": "sent",
    "timezone": "Europe/Berlin",
}


def revisions() -> list[str]:
    """Name all versions of the schema, oldest first."""
    with closing_engine(sa.create_engine("sqlite://")) as engine, engine.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
    return [script.revision for script in scripts.walk_revisions()][::-1]


@contextmanager
def closing_engine(engine: sa.Engine) -> Iterator[sa.Engine]:
    yield engine
    engine.dispose()


def fill_all(connection: sa.Connection, revision: str) -> dict[str, Rows]:
    """Make a database of a version, put rows into each of its tables, and tell what is in them."""
    command.upgrade(alembic_config(connection), revision)
    for table in tables_of(connection):
        connection.execute(sa.insert(table), [row_of(table, number) for number in range(1, ROWS + 1)])
    return read_all(connection)


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """Reflect the tables, those that others refer to first; the index of words is kept by triggers."""
    metadata = sa.MetaData()
    metadata.reflect(connection, only=lambda name, _: not name.startswith(("alembic", "paper_words")))
    return metadata.sorted_tables


def row_of(table: sa.Table, number: int) -> dict[str, Any]:
    """Invent a row; every column has a value, and no two rows have the same."""
    return {
        column.name: value_of(column, number)
        for column in table.columns
        if column.computed is None and column.name != "words"
    }


def value_of(column: sa.Column[Any], number: int) -> object:
    if column.primary_key and isinstance(column.type, sa.Integer) and column.name != "chat_id":
        return number
    if column.name in SAID and not (column.primary_key and column.name == "chat_id"):
        return SAID[column.name]
    by_type: dict[type[Any], object] = {
        sa.Boolean: bool(number % 2),
        sa.DateTime: NOW + timedelta(days=number),
        sa.Date: date(2026, 1, 31) + timedelta(days=number),
        sa.LargeBinary: bytes([number] * 16),
        sa.Float: number / 8,
        sa.Integer: number,
        sa.String: f"{column.name} {number}",
    }
    return next(value for type_, value in by_type.items() if isinstance(column.type, type_))


def read_all(connection: sa.Connection) -> dict[str, Rows]:
    return {
        table.name: [
            dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
        ]
        for table in tables_of(connection)
    }


async def fill(url: str, revision: str) -> dict[str, Rows]:
    return await on(url, fill_all, revision)


async def on(url: str, do: Any, *arguments: object) -> Any:
    """Do something in a transaction, on either database, past Paperboy's own way."""
    address = complete(url)
    if address.get_backend_name() == "sqlite":
        with closing_engine(sa.create_engine(url)) as engine, engine.begin() as connection:
            return do(connection, *arguments)
    async with postgresql_migrating_engine(address).begin() as connection:
        return await connection.run_sync(do, *arguments)


async def opened(url: str) -> None:
    database = Database(url, patience=timedelta(seconds=5))
    await database.open()
    await database.close()


@pytest.mark.parametrize("revision", revisions())
async def test_no_upgrade_loses_a_row_or_changes_what_it_said(url: str, revision: str) -> None:
    """What each column of each table held is there in the newest version."""
    before = await fill(url, revision)
    assert all(len(rows) == ROWS for rows in before.values())
    await opened(url)
    after = await on(url, read_all)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert kept == rows, table


@pytest.mark.parametrize("revision", revisions()[:-1])
async def test_an_upgrade_that_fails_midway_leaves_all_as_it_was(url: str, file: Path, revision: str) -> None:
    """Here the last step finds its table there already; the steps before it are undone with it."""
    await fill(url, revision)
    change(file, "CREATE TABLE paces (mine)")
    before = dump(file)
    with pytest.raises(sa.exc.OperationalError, match="paces already exists"):
        await opened(url)
    assert dump(file) == before
    change(file, "DROP TABLE paces")
    await opened(url)


async def test_an_upgrade_that_is_killed_leaves_all_as_it_was(url: str, file: Path) -> None:
    """A process that ends in the middle leaves a database that is upgraded at the next start."""
    await fill(url, "0001")
    before = dump(file)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", UPGRADE_AND_DIE, url), cwd=Path(__file__).parents[2]
    )
    assert await process.wait() == 9
    assert dump(file) == before
    await opened(url)


UPGRADE_AND_DIE = """
import os, sys
import sqlalchemy as sa
from alembic import command
from storage.address import complete
from storage.engines import sqlite_migrating_engine
from storage.schema import alembic_config
from datetime import timedelta

with sqlite_migrating_engine(complete(sys.argv[1]), timedelta(seconds=5)).begin() as connection:
    command.upgrade(alembic_config(connection), "head")
    os._exit(9)
"""


async def test_a_newer_database_is_left_alone_and_the_way_on_is_told(url: str, file: Path) -> None:
    await opened(url)
    change(file, "UPDATE alembic_version SET version_num = '9999'")
    before = file_content(file)
    with pytest.raises(StorageError, match=r"newer Paperboy .* install that one, .* paperboy restore FILE"):
        await opened(url)
    assert file_content(file) == before


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


def dump(file: Path) -> list[str]:
    """Write out schema and rows."""
    with closing(sqlite3.connect(file)) as connection:
        return [*connection.iterdump()]


def file_content(file: Path) -> bytes:
    return file.read_bytes()

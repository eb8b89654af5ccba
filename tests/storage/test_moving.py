"""Moving from SQLite to PostgreSQL: all of it or nothing, and the file stays as it is."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import AutoString

from recommender.values import Paper
from storage import papers, readers
from storage.columns import UtcDateTime, Words
from storage.database import Database, StorageError
from storage.moving import Moved, move
from storage.search import Query, find
from storage.tables import metadata

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)
LONG = "\n\t“ξ” 📰 e\u0301 \\N % {} \u2028 "
Rows = list[tuple[Any, ...]]


def silent(_table: str, _done: int, _all: int) -> None:
    pass


@pytest.fixture
def target(bare_postgres_url: str) -> str:
    return bare_postgres_url


def order(url: str, *statements: str) -> list[Any]:
    """Have PostgreSQL do something past Paperboy's own way; give what the last statement tells."""
    with psycopg.connect(url, autocommit=True) as connection:
        told = [connection.execute(statement.encode()) for statement in statements][-1]
        return [value for (value,) in told] if told.description else []


@pytest.fixture
async def emptied(file: Path, empty_file: Path) -> AsyncIterator[Database]:
    """A SQLite database with nothing in its tables."""
    shutil.copyfile(empty_file, file)
    database = Database(f"sqlite:///{file}")
    yield database
    await database.close()


@pytest.fixture
async def source(emptied: Database) -> str:
    """A SQLite database with odd rows in every table."""
    async with emptied.writing() as session:
        for table in metadata.sorted_tables:
            await session.execute(sa.insert(table), [row_of(table, number) for number in range(1, 4)])
    await emptied.close()
    return f"sqlite:///{emptied.place}"


def row_of(table: sa.Table, number: int) -> dict[str, Any]:
    """Invent a row: the first has all that there may be at its largest, the second as little as there may."""
    return {column.name: value_of(column, number) for column in table.columns}


def value_of(column: sa.Column[Any], number: int) -> object:
    if column.nullable and number == 2:
        return None
    if column.foreign_keys or column.name == "id":
        return number
    by_type: dict[type[Any], object] = {
        sa.BigInteger: [number, -(2**63), 2**63 - 1][number - 1] if number > 1 else -100_123_456_789_012,
        sa.Boolean: number == 1,
        sa.Integer: [2**31 - 1, 0, -1][number - 1],
        UtcDateTime: datetime.max.replace(tzinfo=UTC)
        if number == 1
        else NOW + timedelta(microseconds=number),
        sa.Date: date(2024, 2, 29) if number == 1 else date(1969, 12, 31),
        sa.LargeBinary: b"\x00\xff" * 768 if number == 1 else bytes([number]),
        sa.Float: [1e300, 0.1 + 0.2, 5e-324][number - 1],
        Words: ("", '"', LONG) if number == 1 else (),
        sa.String: f"{LONG * 2_000 if number == 1 and not column.primary_key else LONG}{number}",
    }
    kind = sa.String() if isinstance(column.type, AutoString) else column.type
    return next(value for type_, value in by_type.items() if isinstance(kind, type_))


async def rows_of(url: str) -> dict[str, Rows]:
    """Read all rows of all tables, as the functions of the nouns do."""
    database = Database(url)
    try:
        async with database.reading() as session:
            return {
                table.name: sorted(map(tuple, await session.execute(sa.select(table))), key=repr)
                for table in metadata.sorted_tables
            }
    finally:
        await database.close()


async def test_every_row_reads_the_same_on_both_sides(source: str, target: str) -> None:
    moved = await move(source, target, silent)
    assert moved == [Moved(table.name, 3) for table in metadata.sorted_tables]
    assert await rows_of(target) == await rows_of(source)


async def test_the_file_stays_as_it_is(source: str, file: Path, target: str) -> None:
    before = content(file)
    await move(source, target, silent)
    assert content(file) == before


def content(file: Path) -> bytes:
    return file.read_bytes()


async def test_more_than_a_page_is_moved_and_told_of_in_order(emptied: Database, target: str) -> None:
    told: list[tuple[int, int]] = []
    async with emptied.writing() as session:
        rows = [{"update_id": number, "taken_at": NOW} for number in range(12_345)]
        await session.execute(sa.insert(metadata.tables["receipts"]), rows)
    await move(f"sqlite:///{emptied.place}", target, lambda _table, done, all_: told.append((done, all_)))
    assert told == sorted(told)
    assert told[-1] == (12_345, 12_345)
    assert (5_000, 12_345) in told
    assert order(target, "SELECT count(DISTINCT update_id) FROM receipts") == [12_345]


async def test_ids_go_on_after_the_highest_there_ever_was(emptied: Database, target: str) -> None:
    """Also after that of a paper which is gone: an old button must never mean another one."""
    async with emptied.writing() as session:
        await papers.upsert(session, [Paper(title=title) for title in "ABC"], NOW)
        await session.execute(sa.text("DELETE FROM papers WHERE id > 1"))
    await move(f"sqlite:///{emptied.place}", target, silent)
    there = Database(target)
    async with there.writing() as session:
        await papers.upsert(session, [Paper(title="D")], NOW)
    await there.close()
    assert order(target, "SELECT id FROM papers ORDER BY id") == [1, 4]


async def test_words_are_found_after_the_move(emptied: Database, target: str) -> None:
    async with emptied.writing() as session:
        await papers.upsert(session, [Paper(title="Dancing bees"), Paper(title="Boats")], NOW)
    await move(f"sqlite:///{emptied.place}", target, silent)
    there = Database(target)
    async with there.reading() as session:
        found = await find(session, Query("bees dance"), 9)
    await there.close()
    assert list(found) == [1]


async def test_a_database_whose_tables_are_empty_may_be_moved_to(source: str, target: str) -> None:
    """Whoever looked at it by `paperboy doctor` first made them."""
    await opened(target)
    assert len(await move(source, target, silent)) == len(metadata.tables)


async def opened(url: str) -> None:
    database = Database(url)
    await database.open()
    await database.close()


async def test_a_database_that_holds_a_row_is_left_alone(source: str, target: str) -> None:
    there = Database(target)
    await there.open()
    async with there.writing() as session:
        await readers.subscribe(session, 7, "private", NOW)
    await there.close()
    before = await rows_of(target)
    with pytest.raises(StorageError, match=r"holds readers already\. Name an empty one"):
        await move(source, target, silent)
    assert await rows_of(target) == before


async def test_a_database_of_another_program_is_left_alone(source: str, target: str) -> None:
    order(target, "CREATE TABLE invoices (id int)")
    with pytest.raises(StorageError, match="holds a table invoices, which is none of Paperboy's"):
        await move(source, target, silent)
    assert tables_of(target) == ["invoices"]


def tables_of(url: str) -> list[str]:
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    return order(url, listed)


@pytest.mark.parametrize("last", [0, 3 * len(metadata.tables)], ids=["at the beginning", "at the end"])
async def test_what_is_broken_off_leaves_nothing_behind(source: str, target: str, last: int) -> None:
    """Not a table, whenever Ctrl+C comes."""

    def break_off(_table: str, done: int, _all: int) -> None:
        if done >= last:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await move(source, target, break_off)
    assert tables_of(target) == []


@pytest.mark.parametrize(
    "does",
    ["RETURN NULL", "NEW.up := NOT NEW.up; RETURN NEW"],
    ids=["a row less", "another value"],
)
async def test_what_did_not_arrive_as_it_left_is_not_kept(source: str, target: str, does: str) -> None:
    """Here a trigger of the database's own meddles with votes."""
    await opened(target)
    body = f"CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; END $$"
    order(
        target, body, "CREATE TRIGGER meddling BEFORE INSERT ON votes FOR EACH ROW EXECUTE FUNCTION meddle()"
    )
    with pytest.raises(StorageError, match=r"table votes .* is not what was read: .* Nothing was moved"):
        await move(source, target, silent)
    assert order(target, "SELECT count(*) FROM papers") == [0]


async def test_a_database_of_another_version_is_to_be_brought_up_to_date_first(
    source: str, file: Path, target: str
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0006'")
    with pytest.raises(StorageError, match=r"of another version .*paperboy doctor"):
        await move(source, target, silent)
    assert tables_of(target) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE papers SET title = 'A' || char(0)", "invalid byte sequence"),
        ("DELETE FROM papers WHERE id = 1", 'on table ".*" violates foreign key'),
    ],
    ids=["zero", "orphan"],
)
async def test_what_postgresql_refuses_is_told_and_nothing_is_moved(
    source: str, file: Path, target: str, change: str, words: str
) -> None:
    """Paperboy writes none of this, but another program may have."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(change)
    with pytest.raises(StorageError, match=words):
        await move(source, target, silent)
    assert tables_of(target) == []


@pytest.mark.parametrize(
    ("source_url", "target_url", "words"),
    [
        ("sqlite:///no-such.db", "postgresql://me:hush@127.0.0.1:1/name", "There is no database no-such.db"),
        ("postgresql://me:hush@127.0.0.1:1/a", "postgresql://127.0.0.1:1/b", "names a PostgreSQL already"),
        ("sqlite:///no-such.db", "sqlite:///other.db", "Only a PostgreSQL can be moved to"),
        ("sqlite:///no-such.db", "mysql://me:hush@host/name", "not in mysql"),
    ],
)
async def test_what_cannot_be_moved_is_refused_in_words(source_url: str, target_url: str, words: str) -> None:
    with pytest.raises(StorageError, match=words) as refused:
        await move(source_url, target_url, silent)
    assert "hush" not in str(refused.value)


async def test_a_server_that_does_not_answer_is_named(source: str) -> None:
    with pytest.raises(StorageError, match=r"name on 127\.0\.0\.1 cannot be reached") as refused:
        await move(source, "postgresql://me:hush@127.0.0.1:1/name", silent)
    assert "hush" not in str(refused.value)

"""Moving: all that a SQLite database holds comes into an empty PostgreSQL database, or nothing does.

The file is only read, in one transaction, and stays as it is. All that is done in PostgreSQL, its tables
included, is one transaction too, which is committed once both hold the same. Whoever moves must be alone with
the file (`storage.solitude`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
    cast,
    exists,
    func,
    inspect,
    select,
    text,
    tuple_,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import schema
from storage.address import complete, is_sqlite
from storage.backups import file_of
from storage.copying import copy_in
from storage.database import Database
from storage.errors import StorageError
from storage.rows import AnyRow
from storage.tables import metadata

Tell = Callable[[str, int, int], None]  # the table under way, rows that are there, and all rows
Measures = Mapping[Table, tuple[int, ...]]
_PAGE = 5_000
_PRIME = 1_000_003  # sums of ids are taken of remainders, for SQLite's sums end at 64 bits
_TABLES = metadata.sorted_tables  # those that others refer to first


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of a table were moved."""

    table: str
    rows: int


async def move(source_url: str, target_url: str, tell: Tell) -> list[Moved]:
    """Move a database; tell what was moved, a table each.

    Raises:
        StorageError: The source is no SQLite file or of another version; the target is no PostgreSQL, cannot
            be reached, holds anything, or holds not the same in the end. It is as it was then.
    """
    target, source = _target(target_url), _source(source_url)
    try:
        async with source.reading() as read, target.writing() as written:
            await _check_version(read, source.place)
            await _prepare(written, target.place)
            measures = await _measure(read)
            await _copy_all(read, written, measures, tell)
            await _count_on(read, written)
            await _compare(written, measures, target.place)
    except DBAPIError as error:
        raise StorageError(
            f"PostgreSQL refuses what stands in {source.place}: {error.orig}. Nothing was moved."
        ) from error
    finally:
        await source.close()
        await target.close()
    return [Moved(table.name, rows) for table, (rows, *_) in measures.items()]


def _source(url: str) -> Database:
    if not is_sqlite(complete(url)):
        raise StorageError("DATABASE_URL names a PostgreSQL already: only a SQLite file can be moved to one.")
    if not file_of(url).is_file():
        raise StorageError(f"There is no database {file_of(url)}, so nothing to move.")
    return Database(url)


def _target(url: str) -> Database:
    if is_sqlite(complete(url)):
        raise StorageError(
            "Only a PostgreSQL can be moved to, as in postgresql://user@host/name. A file goes elsewhere by "
            "`paperboy backup` and `paperboy restore`."
        )
    return Database(url)


async def _check_version(read: AsyncSession, place: str) -> None:
    if not await (await read.connection()).run_sync(schema.is_newest):
        raise StorageError(
            f"The database {place} is of another version than this Paperboy: start this one on it once "
            "(`paperboy doctor` does too), then move it."
        )


async def _prepare(written: AsyncSession, place: str) -> None:
    """Make the tables and see that they are empty; who starts a bot on them waits from here on.

    Raises:
        StorageError: Something is there.
    """
    connection = await written.connection()
    if strangers := await connection.run_sync(_strangers):
        raise _is_not_empty(place, f"a table {min(strangers)}, which is none of Paperboy's")
    await schema.upgrade_within(connection, place)
    for table in _TABLES:
        if await written.scalar(select(exists().select_from(table))):
            raise _is_not_empty(place, f"{table.name} already")


def _strangers(connection: Connection) -> set[str]:
    return {*inspect(connection).get_table_names()} - {*metadata.tables, "alembic_version"}


def _is_not_empty(place: str, what: str) -> StorageError:
    return StorageError(f"The database {place} holds {what}. Name an empty one: createdb makes it.")


async def _copy_all(read: AsyncSession, written: AsyncSession, measures: Measures, tell: Tell) -> None:
    done, all_rows = 0, sum(rows for rows, *_ in measures.values())
    for table in _TABLES:
        tell(table.name, done, all_rows)
        async for page in _pages(read, table):
            await copy_in(written, table, table.columns.keys(), page)
            done += len(page)
            tell(table.name, done, all_rows)


async def _pages(read: AsyncSession, table: Table) -> AsyncIterator[Sequence[AnyRow]]:
    """Read a table in parts, in the order of its key."""
    key = [*table.primary_key]
    places = [table.columns.values().index(column) for column in key]
    rows = select(table).order_by(*key).limit(_PAGE)
    page = (await read.execute(rows)).all()
    while page:
        yield page
        last = [page[-1][place] for place in places]
        page = (await read.execute(rows.where(tuple_(*key) > last))).all()


async def _count_on(read: AsyncSession, written: AsyncSession) -> None:
    """Have PostgreSQL count its ids on from where SQLite is: no id is given twice, of what is gone either."""
    for name, last in await read.execute(text("SELECT name, seq FROM sqlite_sequence WHERE seq > 0")):
        await written.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))


async def _measure(session: AsyncSession) -> Measures:
    """Count the rows of each table, and add up something of each of its columns."""
    return {table: await _measure_table(session, table) for table in _TABLES}


async def _measure_table(session: AsyncSession, table: Table) -> tuple[int, ...]:
    sums = (func.coalesce(_sum(column), 0) for column in table.columns)
    row = (await session.execute(select(func.count(), *sums).select_from(table))).one()
    return tuple(map(int, row))


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Add up what both databases reckon alike: remainders of numbers, lengths, and else what is not null."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, Integer):
        return func.sum(column % _PRIME)
    if isinstance(kind, Boolean):
        return func.sum(cast(column, Integer))
    if isinstance(kind, String | LargeBinary):
        return func.sum(func.length(column))
    return func.count(column)


async def _compare(written: AsyncSession, measures: Measures, place: str) -> None:
    for table, measured in (await _measure(written)).items():
        if measured != measures[table]:
            raise StorageError(
                f"What came into the table {table.name} of {place} is not what was read: "
                f"{measures[table]} became {measured}. Nothing was moved."
            )

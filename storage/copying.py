"""Copying: rows by the thousand in and out of a session's own transaction, past the objects a row costs.

On PostgreSQL it is COPY, on SQLite plain statements; what comes of it is the same. It knows no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Boolean, Select, Table, insert, text
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.dialects import speaks_postgresql

Columns = dict[str, NDArray[Any]]

# PostgreSQL's binary format: a signature and two empty words; before each row how many fields it has, before
# each field how many bytes; at the end -1 in the place of a row.
_HEADER_BYTES = 19
_END_BYTES = 2
_HOLDS_NULL = "a column of what was copied out holds NULL, or is of another type than it says"
_WIDE = {BigInteger: np.dtype(">i8"), Boolean: np.dtype("?")}
_NATIVE = {BigInteger: np.dtype(np.int64), Boolean: np.dtype(np.bool_)}


async def copy_out(session: AsyncSession, query: Select[Any]) -> Columns:
    """Read the rows of a query as one array a column, by the names of its columns.

    Columns may be whole numbers of 64 bits or yes and no, and hold no NULL: a ValueError tells of one.
    """
    names = [column.name for column in query.selected_columns]
    kinds = [_kind(column.type) for column in query.selected_columns]
    fields: Iterable[Any]
    if speaks_postgresql(session):
        fields = _read_binary(await _copied(session, query), [_WIDE[kind] for kind in kinds])
    else:
        rows = (await session.execute(query)).all()
        fields = zip(*rows, strict=True) if rows else ((),) * len(names)
    arrays = (_array(field, kind) for field, kind in zip(fields, kinds, strict=True))
    return dict(zip(names, arrays, strict=True))


async def copy_in(
    session: AsyncSession, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows of the named columns, with the values that an insert of the table takes.

    A row that breaks a constraint breaks the whole, as in any statement.
    """
    if not speaks_postgresql(session):
        for batch in batches(rows):
            await session.execute(insert(table), [dict(zip(names, row, strict=True)) for row in batch])
        return
    driver = await _driver(session)
    records = _bound(session, table, names, rows)
    with _as_of_statement():
        await driver.copy_records_to_table(table.name, columns=list(names), records=records)


async def _copied(session: AsyncSession, query: Select[Any]) -> bytes:
    written = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    chunks: list[bytes] = []

    async def keep(chunk: bytes) -> None:
        chunks.append(chunk)

    driver = await _driver(session)
    with _as_of_statement():
        await driver.copy_from_query(str(written), output=keep, format="binary")
    return b"".join(chunks)


async def _driver(session: AsyncSession) -> Any:
    """Give asyncpg's own connection, in the session's transaction: SQLAlchemy begins it as late as it can."""
    connection = await session.connection()
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None or not driver.is_in_transaction():
        await connection.execute(text("SELECT 1"))
    return driver


@contextmanager
def _as_of_statement() -> Iterator[None]:
    """Raise asyncpg's own errors as those of a statement, which `storage.errors` knows how to say."""
    import asyncpg  # noqa: PLC0415 - an extra

    try:
        yield
    except asyncpg.PostgresError as error:
        raise DBAPIError("COPY", None, error, hide_parameters=True) from error
    except asyncpg.InterfaceError as error:
        raise InterfaceError("COPY", None, error, hide_parameters=True) from error


def _bound(
    session: AsyncSession, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """Turn values to what the driver takes, as an insert would; equal ones of a column once."""
    dialect = session.get_bind().dialect
    columns = list(zip(*rows, strict=True))
    for place, column in enumerate(columns):
        if turn := table.c[names[place]].type.dialect_impl(dialect).bind_processor(dialect):
            values = {value: turn(value) for value in set(column)}
            columns[place] = tuple(values[value] for value in column)
    return zip(*columns, strict=True)


def _read_binary(copied: bytes, types: Sequence[np.dtype[Any]]) -> list[NDArray[Any]]:
    """Cut rows of fixed width into their fields."""
    layout: list[Any] = [("fields", ">i2")]
    for number, type_ in enumerate(types):
        layout += [(f"bytes {number}", ">i4"), (f"value {number}", type_)]
    row = np.dtype(layout)
    body = len(copied) - _HEADER_BYTES - _END_BYTES
    rows = np.frombuffer(copied, row, body // row.itemsize, _HEADER_BYTES)
    is_whole = body % row.itemsize == 0 and all(
        (rows[f"bytes {number}"] == type_.itemsize).all() for number, type_ in enumerate(types)
    )
    if not is_whole:
        raise ValueError(_HOLDS_NULL)
    return [rows[f"value {number}"] for number in range(len(types))]


def _array(field: Any, kind: type[BigInteger | Boolean]) -> NDArray[Any]:
    if isinstance(field, tuple) and None in field:
        raise ValueError(_HOLDS_NULL)
    return np.asarray(field, _NATIVE[kind])


def _kind(type_: Any) -> type[BigInteger | Boolean]:
    for kind in (BigInteger, Boolean):
        if isinstance(type_, kind):
            return kind
    raise ValueError(f"columns of type {type_} are not copied out")

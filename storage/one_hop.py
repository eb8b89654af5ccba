"""A SQLite connection that goes to its thread once a statement, and for nothing that can go along with one.

aiosqlite goes there four times: to make the cursor, to execute, to fetch and to close. Each way waits for a
turn of the interpreter, so that under load the ways cost more than the statements. A transaction begins on
the way of its first statement, and one that has ended is not rolled back once more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import aiosqlite


@dataclass(frozen=True, slots=True)
class _Done:
    """What a statement brought."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class OneHopConnection(aiosqlite.Connection):
    """Hands out cursors that are done when they have executed."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._begin: str | None = None
        self._is_certain = True  # of each statement it is known what came of it

    def begin(self, sql: str) -> None:
        """Begin a transaction with the next statement."""
        self._begin = sql

    def cursor(self) -> OneHopCursor:  # type: ignore[override]  # SQLAlchemy enters it as it does the other
        """Make a cursor, without going anywhere."""
        return OneHopCursor(self)

    async def run(self, sql: str, parameters: Any, *, many: bool) -> _Done:
        """Execute a statement and fetch all its rows, in one go."""
        begin, self._begin, self._is_certain = self._begin, None, False
        done: _Done = await self._execute(_run, self._conn, begin, sql, parameters, many=many)  # type: ignore[no-untyped-call]
        self._is_certain = True
        return done

    async def rollback(self) -> None:
        """Roll back, where there is a transaction or there may be one: a statement failed or was given up."""
        self._begin = None
        if self.in_transaction or not self._is_certain:
            await super().rollback()
            self._is_certain = True


class OneHopCursor:
    """What SQLAlchemy asks of a cursor; all of it but executing is answered on the spot."""

    arraysize = 1

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._done = _Done()

    @property
    def description(self) -> Any:
        """The columns of what was fetched; None where a statement brings no rows."""
        return self._done.description

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed."""
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted last."""
        return self._done.lastrowid

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> None:
        """Execute a statement."""
        self._done = await self._connection.run(sql, parameters, many=False)

    async def executemany(self, sql: str, parameters: Sequence[Any]) -> None:
        """Execute a statement for each of the parameters."""
        self._done = await self._connection.run(sql, parameters, many=True)

    async def fetchall(self) -> Sequence[Any]:
        """Hand out the rows that were fetched."""
        return self._done.rows

    async def close(self) -> None:
        """Do nothing: what it was made for is closed."""


def one_hop(database: str, **given: Any) -> OneHopConnection:
    """Make a connection, to be awaited, with what `sqlite3.connect` is given."""
    connection = OneHopConnection(partial(sqlite3.connect, database, **given), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does where it makes the connection
    return connection


def _run(
    connection: sqlite3.Connection, begin: str | None, sql: str, parameters: Any, *, many: bool
) -> _Done:
    with closing(connection.cursor()) as cursor:
        if begin:
            cursor.execute(begin)
        (cursor.executemany if many else cursor.execute)(sql, parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)

"""How connections are opened: SQLite's pragmas and transactions, and the size of the pools.

SQLite has one writer at a time. Here it also has one connection for writing, so writers of this process queue
in order instead of polling for the file lock; the lock itself (BEGIN IMMEDIATE) keeps other processes out.
Readers have connections of their own that refuse to write, and WAL lets them read on while a writer works.

Only a migration makes the file: a connection to one that is gone fails, instead of beginning an empty one.
What is committed is on the disk (synchronous=FULL), for Telegram is told then that a vote was taken.
"""

from __future__ import annotations

import socket
import sqlite3
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.address import is_sqlite, place
from storage.errors import StorageError
from storage.one_hop import one_hop

# A host that vanished says nothing. So long without a sign of life, and its connections are broken.
QUIET_S, ASKED_EVERY_S, ASKED_TIMES = 10, 5, 4
MOST_SILENT = timedelta(seconds=QUIET_S + ASKED_EVERY_S * ASKED_TIMES)

_READERS = 4
_TURN_S = 30


class _RollingBack(sqlite3.Connection):
    """Rolls back when it is closed.

    A task that is cancelled amid a statement has its connection closed. SQLite keeps a closed connection open
    as long as one of its statements is, and the write lock with it.
    """

    def close(self) -> None:
        """Give up what is not committed, and close."""
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


def reading_engine(url: URL, patience: timedelta) -> AsyncEngine:
    """Make the engine for transactions that only read."""
    if not is_sqlite(url):
        return _postgresql_engine(url, isolation_level="REPEATABLE READ").execution_options(
            postgresql_readonly=True
        )
    engine = _async_sqlite_engine(url, _READERS)
    _speak_sqlite(engine.sync_engine, _pragmas(patience, query_only="ON"))
    event.listen(engine.sync_engine, "begin", partial(_begin_with_a_statement, "BEGIN"))
    return engine


def writing_engine(url: URL, patience: timedelta) -> AsyncEngine:
    """Make the engine for transactions that write."""
    if not is_sqlite(url):
        return _postgresql_engine(url)
    engine = _async_sqlite_engine(url, 1)
    _speak_sqlite(engine.sync_engine, _pragmas(patience))
    event.listen(engine.sync_engine, "begin", partial(_begin_with_a_statement, "BEGIN IMMEDIATE"))
    return engine


def sqlite_migrating_engine(url: URL, patience: timedelta) -> Engine:
    """Make the engine for the migration of a SQLite file: foreign keys are off, and nothing is async.

    A batch migration drops and remakes a table; with foreign keys on, the drop would empty the tables that
    refer to it, and the pragma has no effect inside a transaction.
    """
    engine = create_engine(url.set(drivername="sqlite"), poolclass=NullPool)
    _speak_sqlite(engine, _pragmas(patience, foreign_keys="OFF"))
    event.listen(engine, "begin", _begin_at_once)
    return engine


def postgresql_migrating_engine(url: URL) -> AsyncEngine:
    """Make the engine for the migration of a PostgreSQL database: it keeps no connection."""
    return _postgresql_engine(url, poolclass=NullPool)


def _postgresql_engine(url: URL, **pool: Any) -> AsyncEngine:
    engine = _async_engine(url, connect_args={"async_creator_fn": partial(_meet, place(url))}, **pool)
    event.listen(engine.sync_engine, "checkout", _refuse_the_dead)
    return engine


def _refuse_the_dead(connection: Any, _record: Any, _lent: Any) -> None:
    """Have the pool open another connection in the place of one that a server closed when it ended.

    That is known here already: to ask the server for a sign of life would cost each transaction a round trip.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


async def _meet(name: str, **given: Any) -> Any:
    """Connect to PostgreSQL. What hinders it is none of SQLAlchemy's errors, and is put into words here."""
    import asyncpg  # noqa: PLC0415 - an extra

    try:
        connection = await asyncpg.connect(**given)
        _ask_for_signs_of_life(connection._transport.get_extra_info("socket"))  # noqa: SLF001 - there is no option
    except TypeError as error:  # names the parameter, and no value
        unknown = str(error).rpartition(" ")[2]
        raise StorageError(
            f"The address of the database {name} says {unknown}, which is not known here."
        ) from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        why = getattr(error, "strerror", None) or str(error) or "it does not answer"
        raise StorageError(f"The database {name} cannot be reached: {why}.") from error
    return connection


def _ask_for_signs_of_life(peer: socket.socket) -> None:
    """Have whoever waits for an answer not wait for ever; a system that knows no such times has its own."""
    if peer.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    times = {
        "TCP_KEEPIDLE": QUIET_S,
        "TCP_KEEPINTVL": ASKED_EVERY_S,
        "TCP_KEEPCNT": ASKED_TIMES,
        "TCP_USER_TIMEOUT": MOST_SILENT // timedelta(milliseconds=1),
    }
    for name, value in times.items():
        if option := getattr(socket, name, None):
            peer.setsockopt(socket.IPPROTO_TCP, option, value)


def _async_sqlite_engine(url: URL, connections: int) -> AsyncEngine:
    return _async_engine(
        url.set(database=f"file:{quote(str(url.database))}", query={"mode": "rw", "uri": "true"}),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_TURN_S,
        connect_args={"factory": _RollingBack, "async_creator_fn": one_hop},
    )


def _async_engine(url: URL, **pool: Any) -> AsyncEngine:
    """Make an engine whose errors never show abstracts or what a reader wrote."""
    return create_async_engine(url, hide_parameters=True, **pool)


def _pragmas(patience: timedelta, **special: str) -> dict[str, int | str]:
    return {
        "busy_timeout": patience // timedelta(milliseconds=1),  # first, for the change to WAL needs a lock
        "journal_mode": "WAL",
        "synchronous": "FULL",
        "foreign_keys": "ON",
        **special,
    }


def _speak_sqlite(engine: Engine, pragmas: dict[str, int | str]) -> None:
    """Set the pragmas on each new connection, and begin nothing for us: the driver would not to read."""

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()


def _begin_at_once(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_with_a_statement(begin: str, connection: Connection) -> None:
    connection.connection.driver_connection.begin(begin)  # type: ignore[union-attr]  # ours, of `one_hop`

"""The package's one base error, and how a database's own errors are put into words for the user.

Only what the user can do something about is translated; a broken constraint or a wrong statement is a bug and
stays what it is. A message names the database's place, never a whole URL, for that may hold a password.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_BRING_BACK = "end Paperboy and bring a backup back: paperboy restore FILE"
_LOCKED = "is locked by another program; close that program, or try again"
_SQLITE_WORDS = {
    "BUSY": _LOCKED,
    "CANTOPEN": "cannot be opened; check that nobody moved it, and that its folder exists and may be written",
    "CORRUPT": f"is damaged; {_BRING_BACK}",
    "FULL": "cannot grow: the disk is full; make room on it, and Paperboy goes on by itself",
    "IOERR": "cannot be read or written: the disk answers with an error; check it, and how full it is",
    "LOCKED": _LOCKED,
    "NOTADB": f"is not an SQLite database; if it was one, {_BRING_BACK}",
    "PERM": "cannot be opened: permission denied",
    "READONLY": "cannot be written; check the rights of the file and its folder",
}
_FAULTS_OF_FILE = {"CANTOPEN", "CORRUPT", "IOERR", "NOTADB", "PROTOCOL"}
_NO_TABLES = f"has not the tables that it had; {_BRING_BACK}"
# Of PostgreSQL's classes of errors: the connection, a transaction that only reads, one that had to give way,
# too few resources, the server's operator, and the system beneath.
_POSTGRESQL_FAILURES = ("08", "25006", "40", "53", "57", "58")


class StorageError(Exception):
    """What the database cannot do, in words for the user."""


@contextmanager
def in_words(place: str) -> Iterator[None]:
    """Raise the database's own failures as StorageErrors that name ``place``, and let bugs through."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StorageError(f"The database {place} is too busy: no connection came free in time.") from error
    except (DBAPIError, sqlite3.Error) as error:
        words = _words(error)
        if words is None:
            raise
        raise StorageError(f"The database {place} {words}.") from error


def _words(error: BaseException) -> str | None:
    """Say what is wrong with the database; None where it is the statement that is wrong."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        is_emptied = str(cause).startswith("no such table")
        return _NO_TABLES if is_emptied else _SQLITE_WORDS.get(sqlite_name(cause))
    state = getattr(cause, "sqlstate", None)
    # The driver's own, as when a server vanishes.
    is_lost = isinstance(error, InternalError) and state is None
    is_failure = is_lost or isinstance(error, OperationalError | InterfaceError)
    if is_failure or str(state).startswith(_POSTGRESQL_FAILURES):
        return f"cannot be used: {cause}"
    return None


def sqlite_name(error: BaseException) -> str:
    """Name an error as SQLite does, without the detail that some names carry, as in SQLITE_IOERR_WRITE."""
    return getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").split("_")[0]


def is_fault_of_file(error: BaseException | None) -> bool:
    """Tell whether an error is of SQLite's file, and not of a statement, a lock or the room on the disk."""
    return isinstance(error, sqlite3.Error) and sqlite_name(error) in _FAULTS_OF_FILE

"""Backups: a whole copy of a database file, made while it is in use.

The copy is of one moment: it is read in one transaction, which neither waits for writers nor has them wait.
It takes the name that was asked for only once it is complete, found in order and on the disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from storage.address import complete, is_sqlite
from storage.errors import StorageError, in_words

Tell = Callable[[int, int], None]  # pages that are done, and all
_STEP = 1024  # pages between two words on the progress
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a database holds."""

    readers: int
    votes: int
    papers: int


def back_up(url: str, target: Path, tell: Tell, *, overwrite: bool = False) -> Contents:
    """Copy a database into a file that only its owner may read; tell what is in it. Blocks.

    Raises:
        StorageError: There is no database, it is damaged or is PostgreSQL, or the file cannot be written or
            is there already.
    """
    source = file_of(url)
    if not source.is_file():
        raise StorageError(f"There is no database {source}, so nothing to back up.")
    if target.exists() and not overwrite:
        raise StorageError(f"{target} is there already: name another file, or say --force to replace it.")
    if target.exists() and target.samefile(source):
        raise StorageError(f"{target} is the database itself: name another file.")
    part = target.with_name(f"{target.name}.part")
    with being_written(part):
        copy(source, part, tell)
        contents = check(part, str(source))
        place(part, target)
    return contents


def file_of(url: str) -> Path:
    """Name the file of a database; it need not be there.

    Raises:
        StorageError: It is PostgreSQL.
    """
    address = complete(url)
    if not is_sqlite(address):
        raise StorageError("PostgreSQL has tools of its own for this: pg_dump and pg_restore.")
    return Path(str(address.database))


@contextmanager
def being_written(part: Path) -> Iterator[None]:
    """Put the system's refusals into words, and leave nothing half written behind."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{part} cannot be written: {error.strerror or error}.") from error
    finally:
        for left in (part, part.with_name(f"{part.name}-wal"), part.with_name(f"{part.name}-shm")):
            left.unlink(missing_ok=True)


def copy(source: Path, part: Path, tell: Tell) -> None:
    """Copy all of a database, with what stands only in its log, into one file."""
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with in_words(str(source)), closing(_opened(source, "ro")) as read:
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master")  # from here on it sees one state
        with in_words(str(part)), closing(_opened(part, "rw")) as written:
            read.backup(written, pages=_STEP, progress=lambda _, left, all_: tell(all_ - left, all_))
            written.execute("PRAGMA journal_mode=DELETE")  # one file, that may be carried elsewhere


def check(file: Path, name: str) -> Contents:
    """Read all of a copy of the database of that name, and count what is in it.

    Raises:
        StorageError: It is damaged, or none of Paperboy's.
    """
    with in_words(name), closing(_opened(file, "ro")) as connection:
        if (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise StorageError(f"The database {name} is damaged ({found.splitlines()[-1]}).")
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            raise StorageError(f"The file {name} holds no database of Paperboy's.")
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our names  # nosec B608
            for table in ("readers", "votes", "papers")
        ]
    return Contents(*counts)


def place(part: Path, target: Path) -> None:
    """Give a complete file its name, so that a power cut leaves this one or the one before."""
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(target)
    with suppress(OSError):  # not every system opens folders
        folder = os.open(target.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    """Open a file that is there."""
    address = f"file:{quote(str(file))}?mode={mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE_S)

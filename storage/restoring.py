"""Restoring: a backup takes the place of the database, which is kept aside.

All that may fail is done on a copy of the backup, migration and settling included; only then is the place of
the database taken, in one step. Whoever restores must be alone with the database (`storage.solitude`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.address import complete
from storage.backups import Tell, being_written, check, copy, file_of, place
from storage.database import Database
from storage.digests import State
from storage.errors import StorageError, sqlite_name
from storage.tables import DIGESTS

RESTORED = "restored from a backup"


@asynccontextmanager
async def restored(url: str, backup: Path, aside: Path, tell: Tell) -> AsyncIterator[Database]:
    """Open a migrated copy of a backup; at the end it is the database, and the one before lies ``aside``.

    An error in between leaves all as it was.

    Raises:
        StorageError: The backup is damaged, none of Paperboy's or of a newer one; the database is PostgreSQL
            or in use; or the files cannot be written.
    """
    target = _place_for(backup, url)
    part = target.with_name(f"{target.name}.part")
    with being_written(part):
        _take(backup, part, tell)
        database = Database(str(complete(url).set(database=str(part))))
        try:
            await database.open()
        except StorageError as error:
            raise StorageError(str(error).replace(str(part), str(backup))) from error
        try:
            yield database
        finally:
            await database.close()
        _put_aside(target, aside)
        place(part, target)


def _take(backup: Path, part: Path, tell: Tell) -> None:
    """Copy a backup and check the copy; one that is damaged is told as such, not as the database."""
    try:
        copy(backup, part, tell)
        check(part, str(backup))
    except StorageError as error:
        if error.__cause__ and sqlite_name(error.__cause__) in {"CORRUPT", "NOTADB"}:
            raise StorageError(
                f"The backup {backup} is damaged or none; take another one. Nothing was changed."
            ) from error
        raise


async def let_go_of_unsettled(session: AsyncSession, now: datetime) -> int:
    """Skip what waits to be sent, or was being sent: nobody knows whether it was, after the backup.

    Returns:
        How many messages those are.
    """
    settled = await session.execute(
        update(DIGESTS)
        .where(DIGESTS.c.state.in_((State.PLANNED, State.SENDING)))
        .values(state=State.SKIPPED, why=RESTORED, due_at=None, settled_at=now)
        .returning(DIGESTS.c.id)
    )
    return len(settled.all())


def _place_for(backup: Path, url: str) -> Path:
    """Name the file that a backup is to take the place of, as no link names it."""
    target = file_of(url).resolve()
    if not backup.is_file():
        raise StorageError(f"There is no backup {backup}.")
    if target.exists() and target.samefile(backup):
        raise StorageError(f"{backup} is the database itself: name a backup of it.")
    return target


def _put_aside(file: Path, aside: Path) -> None:
    """Give the present database a second name, and take its log out of the way of the one that comes.

    The file itself stays in its place until the other one takes it, so that there is always one.
    """
    if not file.exists():
        return
    _fold(file)
    os.link(file, aside)  # first, for where that fails all is to be as it was
    for ending in ("-wal", "-shm"):  # they are there only where it is too damaged to be folded
        with suppress(FileNotFoundError):
            file.with_name(file.name + ending).rename(aside.with_name(aside.name + ending))


def _fold(file: Path) -> None:
    """Write the log of a database into it, which needs that nobody else has it open."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StorageError(f"The database {file} is in use by another program; end it first.") from error
    except sqlite3.DatabaseError:
        pass  # damaged, or none at all: it is kept as it is

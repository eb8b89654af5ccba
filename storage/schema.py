"""Brings a database's schema to the newest version, once, however many processes start together.

All steps run in one transaction under the database's own lock: who comes second waits and finds nothing left
to do, and a step that fails leaves the schema as it was. Alembic is configured here; there is no alembic.ini.
"""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.address import is_sqlite, place
from storage.engines import postgresql_migrating_engine, sqlite_migrating_engine
from storage.errors import StorageError

_MIGRATIONS_LOCK = 7_269_100  # any number that no other program locks on the same PostgreSQL
# Alembic's `op` and `context` belong to the whole process, so two databases cannot be migrated in it at once.
_alembic = threading.Lock()


def upgrade(url: URL, patience: timedelta) -> None:
    """Apply the migrations that the database has not seen. Blocks, so give it a thread.

    Raises:
        StorageError: Where a newer Paperboy made the database.
    """
    if is_sqlite(url):
        _upgrade_sqlite(url, patience)
    else:
        asyncio.run(_upgrade_postgresql(url))


def _upgrade_sqlite(url: URL, patience: timedelta) -> None:
    with sqlite_migrating_engine(url, patience).begin() as connection:
        if _migrate(connection, place(url)):
            _check_references(connection)
        else:
            _try_to_write(connection)


async def _upgrade_postgresql(url: URL) -> None:
    async with postgresql_migrating_engine(url).begin() as connection:
        await upgrade_within(connection, place(url))


async def upgrade_within(connection: AsyncConnection, name: str) -> None:
    """Apply them in a transaction on PostgreSQL, whose end is up to the caller: others wait for it.

    Raises:
        StorageError: Where a newer Paperboy made the database of that name.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(_MIGRATIONS_LOCK)))
    await connection.run_sync(_migrate, name)


def is_newest(connection: Connection) -> bool:
    """Tell whether the schema is the one that this Paperboy works with."""
    scripts = ScriptDirectory.from_config(alembic_config(connection))
    return set(MigrationContext.configure(connection).get_current_heads()) == set(scripts.get_heads())


def _migrate(connection: Connection, name: str) -> bool:
    """Apply what is missing; tell whether anything was."""
    with _alembic:
        return _apply(connection, name)


def _apply(connection: Connection, name: str) -> bool:
    config = alembic_config(connection)
    scripts = ScriptDirectory.from_config(config)
    current = set(MigrationContext.configure(connection).get_current_heads())
    if not current <= {script.revision for script in scripts.walk_revisions()}:
        raise StorageError(
            f"The database {name} was made by a newer Paperboy and is left as it is: install that one, or go "
            "back to a backup of the time before: paperboy restore FILE."
        )
    if current == set(scripts.get_heads()):
        return False
    command.upgrade(config, "head")
    return True


def _try_to_write(connection: Connection) -> None:
    """Learn at the start, not at the first vote, that the file is read-only or its disk full."""
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")


def _check_references(connection: Connection) -> None:
    """See that no migration broke a reference while SQLite was told not to look."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"a migration broke a reference of table {broken[0]}")


def alembic_config(connection: Connection) -> Config:
    """Configure Alembic for the migrations of this package, to run on an open connection."""
    config = Config(attributes={"connection": connection})
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config

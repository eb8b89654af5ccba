"""Opening: the file, its folder, its schema; and how each failure is told."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateTable

from storage import papers
from storage.address import complete
from storage.database import Database, StorageError
from storage.tables import VOTES, metadata

REPOSITORY = Path(__file__).parents[2]
OPEN = """
import asyncio, sys
from storage.database import Database

async def main():
    database = Database(sys.argv[1])
    await database.open()
    await database.close()

asyncio.run(main())
"""


async def opened(url: str, patience: timedelta = timedelta(milliseconds=100)) -> None:
    """Open a database and close it again."""
    database = Database(url, patience=patience)
    await database.open()
    await database.close()


def content(file: Path) -> bytes:
    """Read a file."""
    return file.read_bytes()


async def test_the_folder_is_made(tmp_path: Path) -> None:
    """A database in folders that do not exist yet is made with them, also where their names are odd."""
    file = tmp_path / "new 100%" / "folder" / "paperboy.db"
    await opened(f"sqlite:///{file}")
    assert content(file)


async def test_opening_again_keeps_what_is_there(database: Database, url: str, file: Path) -> None:
    """A database that is up to date is left as it is, also while it is in use."""
    before = content(file)
    await opened(url)
    assert content(file) == before


def is_declared(name: str | None, _kind: str, _parents: object) -> bool:
    """Leave out the index of words, which only migrations know: tables in SQLite, a column in PostgreSQL."""
    return name not in {"words", "ix_papers_words"} and not (name or "").startswith("paper_words")


async def test_migrations_agree_with_the_tables(database: Database, url: str) -> None:
    """The migrations make exactly the tables that the code declares."""
    engine = create_async_engine(complete(url))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def differences(connection: sa.Connection) -> list[Any]:
    """Compare the schema with what the code declares."""
    options = {"compare_type": True, "include_name": is_declared}
    return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


async def test_the_key_of_votes_holds_the_whole_vote(empty_postgres_url: str) -> None:
    """On PostgreSQL, so that a chat's are read without their rows; Alembic overlooks what a key includes."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'pk_votes'")
    engine = create_async_engine(complete(empty_postgres_url))
    async with engine.connect() as connection:
        made = await connection.scalar(asked)
    await engine.dispose()
    declared = CreateTable(VOTES).compile(dialect=postgresql.dialect())
    assert made == "PRIMARY KEY (chat_id, paper_id, person_id) INCLUDE (up, at)"
    assert made in str(declared)


async def test_many_processes_may_start_at_once(url: str, file: Path) -> None:
    """Of processes that open a new database together, one makes it and none fails."""
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", OPEN, url, cwd=REPOSITORY)
        for _ in range(3)
    ]
    assert [await process.wait() for process in processes] == [0, 0, 0]


async def test_who_comes_second_waits(url: str, file: Path) -> None:
    """A process that opens while another one migrates waits, and judges what the other made of the schema."""
    await opened(url)
    other = sqlite3.connect(file)
    other.execute("UPDATE alembic_version SET version_num = '9999'")
    opening = asyncio.create_task(opened(url, patience=timedelta(seconds=5)))
    await asyncio.sleep(0.2)
    other.commit()
    other.close()
    with pytest.raises(StorageError, match="newer Paperboy"):
        await opening


async def test_one_process_may_open_twice_at_once(url: str, tmp_path: Path) -> None:
    """Databases opened side by side in one process do not disturb each other."""
    patience = timedelta(seconds=5)
    urls = [url, url, f"sqlite:///{tmp_path}/other.db"]
    await asyncio.gather(*(opened(each, patience) for each in urls))


async def test_logging_is_left_alone(url: str) -> None:
    """Migrations neither silence nor add loggers' handlers."""
    logger, handlers = logging.getLogger("bot.example"), list(logging.getLogger().handlers)
    await opened(url)
    assert not logger.disabled
    assert logging.getLogger().handlers == handlers


async def test_a_newer_database_is_refused(url: str, file: Path) -> None:
    """A database made by a newer Paperboy is told as such and left as it is."""
    await opened(url)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageError, match=f"{file} was made by a newer Paperboy"):
        await opened(url)


async def test_a_migration_that_fails_leaves_the_old_schema(url: str, file: Path) -> None:
    """Where a step cannot be done, none of it is."""
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE votes (mine)")
    connection.close()
    with pytest.raises(sa.exc.OperationalError, match="votes already exists"):
        await opened(url)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("votes",)]
    connection.close()


@pytest.fixture
def diary(file: Path) -> bytes:
    """Put another kind of file where the database should be."""
    file.write_bytes(b"Dear diary, " * 1_000)
    return file.read_bytes()


async def test_a_file_that_is_no_database(url: str, file: Path, diary: bytes) -> None:
    """Another kind of file is named as such, and kept."""
    with pytest.raises(StorageError, match=f"{file} is not an SQLite database"):
        await opened(url)
    assert content(file) == diary


async def test_a_folder_that_cannot_be_made(file: Path, diary: bytes) -> None:
    """Where a file stands in the folder's place, the error names the path."""
    with pytest.raises(StorageError, match=f"{file}/new.db cannot be made"):
        await opened(f"sqlite:///{file}/new.db")


async def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    """Where the path is a folder, the error says that it cannot be opened."""
    with pytest.raises(StorageError, match=f"{tmp_path} cannot be opened"):
        await opened(f"sqlite:///{tmp_path}")


async def test_a_locked_file(url: str, file: Path) -> None:
    """Where another program holds the file, the error says so."""
    other = sqlite3.connect(file)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match=f"{file} is locked by another program"):
        await opened(url)
    other.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://me:secret@host/name", "not in mysql"),
        ("no url, but a secret", "cannot be read"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_a_url_that_cannot_be_used(url: str, words: str) -> None:
    """A URL of another database, or none at all, is refused in words without its password."""
    with pytest.raises(StorageError, match=words) as caught:
        Database(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
async def test_a_database_that_does_not_answer(scheme: str, unused_tcp_port: int) -> None:
    """Where no PostgreSQL listens, the error names database and host, never the password."""
    pytest.importorskip("asyncpg", reason="the postgres extra is not installed")
    with pytest.raises(StorageError, match=r"paperboy on 127\.0\.0\.1 cannot be reached") as caught:
        await opened(f"{scheme}://me:secret@127.0.0.1:{unused_tcp_port}/paperboy")
    assert "secret" not in str(caught.value)


async def test_a_server_that_is_gone_is_a_failure_in_words_for_whoever_reads_or_writes(
    unused_tcp_port: int,
) -> None:
    """So a restart of PostgreSQL is waited out, as a disk that is full is."""
    pytest.importorskip("asyncpg", reason="the postgres extra is not installed")
    database = Database(f"postgresql://me:secret@127.0.0.1:{unused_tcp_port}/paperboy")
    for session in (database.reading, database.writing):
        with pytest.raises(StorageError, match=r"paperboy on 127\.0\.0\.1 cannot be reached"):
            async with session() as opened_session:
                await papers.count(opened_session)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://paperboy:s3@cret@db.example/papers", "%40"),
        ("postgresql://paperboy:s3cret@db.example:54E2/papers", "cannot be read"),
        ("postgresql:/paperboy:s3cret", "cannot be read"),
    ],
)
def test_an_address_that_is_written_wrongly_is_refused_without_its_password(url: str, says: str) -> None:
    """With one @ too many the rest of the password would go for the host, which messages name."""
    with pytest.raises(StorageError, match=says) as refused:
        complete(url)
    assert "cret" not in str(refused.value)


async def test_sslmode_is_understood(empty_postgres_url: str) -> None:
    """Whoever rents a PostgreSQL is given an address that has it."""
    await opened(
        make_url(empty_postgres_url)
        .update_query_dict({"sslmode": "prefer"})
        .render_as_string(hide_password=False)
    )


async def test_a_parameter_that_is_not_known_is_named(empty_postgres_url: str) -> None:
    """As some of those who rent out a PostgreSQL put into its address."""
    address = make_url(empty_postgres_url).update_query_dict({"channel_binding": "require"})
    with pytest.raises(StorageError, match="says 'channel_binding', which is not known here"):
        await opened(address.render_as_string(hide_password=False))

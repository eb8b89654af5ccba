"""Faults of the disk and of the file: told in words, nothing lost in silence, over when they are over."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import InternalError, ProgrammingError

from recommender.values import Paper
from storage import papers
from storage.database import Database, StorageError
from storage.errors import in_words

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)
SOME = 200


@pytest.fixture
async def kept(url: str, file: Path) -> AsyncIterator[Database]:
    """Open a database with some papers in it, in use by readers and a writer."""
    database = Database(url, patience=timedelta(milliseconds=100))
    await database.open()
    await store(database, *(f"Paper {number}" for number in range(SOME)))
    assert await count(database) == SOME
    yield database
    await database.close()


async def store(database: Database, *titles: str) -> None:
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title=title, abstract="long " * 200) for title in titles], NOW)


async def count(database: Database) -> int:
    async with database.reading() as session:
        return await papers.count(session)


def is_there(file: Path) -> bool:
    return file.exists()


def size(file: Path) -> int:
    return file.stat().st_size


def content(file: Path) -> bytes:
    return file.read_bytes()


async def titles(database: Database) -> list[str]:
    async with database.reading() as session:
        return list((await session.execute(sa.text("SELECT title FROM papers ORDER BY id"))).scalars())


async def allow_pages(database: Database, pages: int) -> None:
    """Let the file have so many pages, and not one more."""
    async with database.writing() as session:
        await session.execute(sa.text(f"PRAGMA max_page_count={pages}"))


async def test_a_full_disk_takes_nothing_and_loses_nothing(kept: Database) -> None:
    """What does not fit is refused whole; reading goes on; with room again, so does writing."""
    await allow_pages(kept, 1)
    with pytest.raises(StorageError, match="disk is full; make room"):
        await store(kept, *(f"More {number}" for number in range(SOME)))
    assert await count(kept) == SOME
    await allow_pages(kept, 1_000_000)
    await store(kept, "One more")
    assert await count(kept) == SOME + 1


FILL_UP = """
import asyncio, resource, sys
sys.path.insert(0, "tests/storage")
from test_faults import Database, StorageError, count, store, timedelta

async def main():
    database = Database(sys.argv[1])
    await database.open()
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, most))
    stored = 0
    try:
        while True:
            await store(database, *(f"Paper {stored + number}" for number in range(100)))
            stored += 100
    except StorageError as error:
        print(error)
    assert stored and await count(database) == stored
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    await store(database, "One more")
    assert await count(database) == stored + 1
    await database.close()

asyncio.run(main())
"""


def test_a_disk_that_refuses_to_write_is_told_and_got_over(url: str, file: Path) -> None:
    """The system itself refuses here: what was committed stays, and the same process goes on after it."""
    pytest.importorskip("resource", reason="this system limits no files")
    done = run(FILL_UP, url)
    assert done.returncode == 0, done.stderr
    assert "the disk" in done.stdout
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


READ_ONLY = """
import asyncio, os, sys
sys.path.insert(0, "tests/storage")
from test_faults import Database, Path, StorageError, store, timedelta

async def main():
    database = Database(sys.argv[1], patience=timedelta(seconds=1))
    await database.open()  # what is imported late may lie where only this user may read
    await store(database, "A")
    await database.close()
    file = Path(database.place)
    file.chmod(int(sys.argv[2]))
    file.parent.chmod(int(sys.argv[3]))
    if os.getuid() == 0:
        os.setuid(65534)
    for attempt in (database.open(), store(database, "B")):
        try:
            await attempt
        except StorageError as error:
            print(error)
    await database.close()

asyncio.run(main())
"""


@pytest.mark.parametrize(("of_file", "of_folder"), [(0o444, 0o777), (0o666, 0o555)])
async def test_what_may_not_be_written_is_told(
    kept: Database, url: str, file: Path, of_file: int, of_folder: int
) -> None:
    """Where the rights of the file or of its folder are missing, that is said, at the start and later."""
    await kept.close()
    for parent in file.parents[:3]:  # pytest lets nobody else into its folders
        parent.chmod(0o755)
    done = run(READ_ONLY, url, str(of_file), str(of_folder))
    file.parent.chmod(0o755)
    told = done.stdout.splitlines()
    assert len(told) == 2, done.stderr
    assert all(f"{file} cannot be" in line and "written" in line for line in told), told


async def test_a_file_that_is_deleted_is_told_and_no_other_begun(kept: Database, file: Path) -> None:
    """Nothing is written where nobody will find it, nor into an empty file; the old one back, all is well."""
    shutil.move(file, aside := file.with_name("aside.db"))
    for attempt in (lambda: store(kept, "Lost"), lambda: count(kept)):
        with pytest.raises(StorageError, match=r"cannot be opened; .* nobody moved it"):
            await attempt()
    assert not is_there(file)
    shutil.move(aside, file)
    await store(kept, "One more")
    assert await count(kept) == SOME + 1


async def test_a_file_that_is_replaced_is_seen(kept: Database, url: str, file: Path, tmp_path: Path) -> None:
    """From then on the one at the path is read and written, not the one that nobody sees any more."""
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    await other.open()
    await store(other, "Of the other")
    await other.close()
    (tmp_path / "other.db").replace(file)
    assert await titles(kept) == ["Of the other"]
    await store(kept, "Another")
    await kept.close()
    assert await titles(kept) == ["Of the other", "Another"]


async def test_a_folder_in_the_place_of_the_file_is_told(kept: Database, file: Path) -> None:
    shutil.move(file, aside := file.with_name("aside.db"))
    os.mkdir(file)  # noqa: PTH102 - short, and no matter here
    with pytest.raises(StorageError, match=f"{file} cannot be opened"):
        await count(kept)
    os.rmdir(file)  # noqa: PTH106 - the same
    shutil.move(aside, file)
    assert await count(kept) == SOME


async def test_a_log_that_is_deleted_costs_nothing(kept: Database, url: str, file: Path) -> None:
    """What stood in the write-ahead log alone is written into the database by who still has it open."""
    file.with_name("paperboy.db-wal").unlink()
    await store(kept, "One more")
    assert await count(kept) == SOME + 1
    await kept.close()
    again = Database(url)
    await again.open()
    assert await count(again) == SOME + 1
    await again.close()


def spoil_handles(file: Path) -> None:
    """Have all that is open of a database answer with errors, as where a network folder was mounted anew."""
    dead = os.open(os.devnull, os.O_PATH)
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            if str(handle.readlink()) in {str(file), f"{file}-wal"}:
                os.dup2(dead, int(handle.name))
    os.close(dead)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what is open in /proc")
async def test_handles_that_went_dead_are_let_go_of(kept: Database, file: Path) -> None:
    """All of them, for SQLite lends a handle that one connection gave back to the next."""
    spoil_handles(file)
    with pytest.raises(StorageError, match="the disk answers with an error"):
        await store(kept, "One more")
    await store(kept, "One more")
    assert await count(kept) == SOME + 1


async def damaged(database: Database, file: Path, at: int, body: bytes) -> None:
    """Overwrite a part of the file, while nobody has it open."""
    await database.close()
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(body)


async def test_a_damaged_page_is_told_with_what_to_do(kept: Database, file: Path) -> None:
    await damaged(kept, file, 4096, b"\xff" * (size(file) - 4096))
    with pytest.raises(StorageError, match=r"is damaged; .* paperboy restore FILE"):
        await titles(kept)


async def test_a_destroyed_header_is_told_with_what_to_do(kept: Database, url: str, file: Path) -> None:
    await damaged(kept, file, 0, b"\0" * 100)
    with pytest.raises(StorageError, match=r"is not an SQLite database; .* paperboy restore FILE"):
        await kept.open()


async def test_a_truncated_file_is_told_with_what_to_do(kept: Database, file: Path) -> None:
    await kept.close()
    os.truncate(file, size(file) // 2)
    with pytest.raises(StorageError, match=r"is damaged; .* paperboy restore FILE"):
        await titles(kept)


async def test_damage_in_the_middle_of_use_is_over_with_a_whole_file(kept: Database, file: Path) -> None:
    """Connections that met the damage are not used again: the file put right, the same process goes on."""
    await kept.close()
    whole = content(file)
    await damaged(kept, file, 4096, b"\xff" * (size(file) - 4096))
    with pytest.raises(StorageError, match="is damaged"):
        await titles(kept)
    with file.open("r+b") as opened:
        opened.write(whole)
    assert len(await titles(kept)) == SOME


async def test_an_emptied_file_is_told_with_what_to_do(kept: Database, file: Path) -> None:
    """Nor is it taken for a new one while the bot runs."""
    await kept.close()
    os.truncate(file, 0)
    with pytest.raises(StorageError, match=r"has not the tables that it had; .* paperboy restore FILE"):
        await count(kept)


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_driver_that_lost_its_server_amid_a_statement_is_no_bug_of_ours() -> None:
    """Asyncpg then says of itself that it cannot go on; what was under way is tried again."""
    lost = InternalError("UPDATE", None, Exception("cannot switch to state 12"))
    with pytest.raises(StorageError, match="cannot be used"), in_words("paperboy on localhost"):
        raise lost
    ours = ProgrammingError("UPDATE", None, Exception("syntax error"))
    with pytest.raises(ProgrammingError), in_words("paperboy on localhost"):
        raise ours

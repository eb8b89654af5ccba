"""Backups and restoring: whole or not at all, beside a bot at work, and nothing is thrown away."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import settled
import sqlalchemy as sa

from recommender.values import Paper
from storage import ledger, papers, readers
from storage.backups import Contents, back_up
from storage.database import Database, StorageError
from storage.ledger import Kind, State
from storage.restoring import let_go_of_unsettled, restored


def silent(_done: int, _all: int) -> None:
    pass


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Name a backup in a folder of its own."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "of today.db"


@pytest.fixture
async def kept(database: Database, file: Path, now: datetime) -> Database:
    """A database with a reader and some papers."""
    async with database.writing() as session:
        await readers.subscribe(session, 7, "private", now)
    await store(database, now, "A", "B")
    return database


async def store(database: Database, now: datetime, *titles: str) -> None:
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title=title, abstract="long " * 500) for title in titles], now)


async def titles(database: Database) -> list[str]:
    async with database.reading() as session:
        return list((await session.execute(sa.text("SELECT title FROM papers ORDER BY id"))).scalars())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def content(file: Path) -> bytes:
    return file.read_bytes()


def write(file: Path, body: bytes) -> None:
    file.write_bytes(body)


def remove(file: Path) -> None:
    file.unlink()


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def titles_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM papers ORDER BY id")]


async def test_a_backup_is_one_whole_file_of_its_owner_alone(kept: Database, url: str, target: Path) -> None:
    """Also with what stands in the log alone, while the database is in use; nothing else is left behind."""
    assert back_up(url, target, silent) == Contents(readers=1, votes=0, papers=2)
    assert titles_in(target) == ["A", "B"]
    assert names(target.parent) == [target.name]
    assert mode(target) == 0o600
    assert content(target)[18:20] == b"\1\1", "it has a log"


async def test_a_backup_is_of_one_moment_and_writers_need_not_wait(
    kept: Database, url: str, target: Path, now: datetime
) -> None:
    """What is written amid the copying is written at once, is not in it, and does not begin it anew."""
    await store(kept, now, *(f"Paper {number}" for number in range(4_000)))
    loop, steps = asyncio.get_running_loop(), list[int]()

    def write_once(done: int, _all: int) -> None:
        steps.append(done)
        if len(steps) == 1:
            asyncio.run_coroutine_threadsafe(store(kept, now, "Later"), loop).result(timeout=5)

    contents = await asyncio.to_thread(back_up, url, target, write_once)
    assert len(steps) > 2
    assert steps == sorted(steps)
    assert contents.papers == 4_002
    assert "Later" in await titles(kept)
    assert "Later" not in titles_in(target)


async def test_a_backup_replaces_no_file_unasked(kept: Database, url: str, target: Path) -> None:
    write(target, b"a diary")
    with pytest.raises(StorageError, match=r"is there already: .* --force"):
        back_up(url, target, silent)
    assert content(target) == b"a diary"
    back_up(url, target, silent, overwrite=True)
    assert titles_in(target) == ["A", "B"]


async def test_a_backup_never_replaces_the_database(kept: Database, url: str, file: Path) -> None:
    with pytest.raises(StorageError, match="is the database itself"):
        back_up(url, file, silent, overwrite=True)


async def test_a_backup_that_breaks_off_leaves_the_one_before(kept: Database, url: str, target: Path) -> None:
    """And no half of a file."""
    back_up(url, target, silent)
    before = content(target)

    def break_off(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(url, target, break_off, overwrite=True)
    assert content(target) == before
    assert names(target.parent) == [target.name]


async def test_a_damaged_database_is_not_backed_up(
    kept: Database, url: str, file: Path, target: Path
) -> None:
    """A copy of damage is no backup: the one before stays."""
    await store(kept, datetime.now().astimezone(), *(f"Paper {number}" for number in range(200)))
    await kept.close()
    damage(file)
    with pytest.raises(StorageError, match=f"{file} is damaged"):
        back_up(url, target, silent)
    assert names(target.parent) == []


def damage(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        opened.write(b"\xff" * 20_000)


def test_without_a_database_there_is_no_backup(file: Path, target: Path) -> None:
    with pytest.raises(StorageError, match="no database"):
        back_up(f"sqlite:///{file}", target, silent)
    assert not file.exists()


def test_postgresql_is_sent_to_its_own_tools(target: Path) -> None:
    with pytest.raises(StorageError, match="pg_dump and pg_restore"):
        back_up("postgresql://me:secret@host/name", target, silent)


@pytest.fixture
async def backup(kept: Database, url: str, target: Path, now: datetime) -> Path:
    """A backup of two papers; a third came since, and the bot ended."""
    back_up(url, target, silent)
    await store(kept, now, "C")
    await kept.close()
    return target


@pytest.fixture
def aside(file: Path) -> Path:
    return file.with_name("paperboy.db.before")


async def bring_back(url: str, backup: Path, aside: Path) -> None:
    async with restored(url, backup, aside, silent):
        pass


async def test_restoring_brings_back_what_was_and_keeps_what_is(
    backup: Path, kept: Database, url: str, file: Path, aside: Path
) -> None:
    await bring_back(url, backup, aside)
    assert titles_in(aside) == ["A", "B", "C"]
    await kept.open()
    assert await titles(kept) == ["A", "B"]


async def test_a_log_of_the_database_before_does_not_come_into_the_restored_one(
    backup: Path, kept: Database, url: str, aside: Path, now: datetime
) -> None:
    """A process that was killed leaves one behind: it belongs to what is kept aside."""
    file = Path(kept.place)
    await kept.open()
    await store(kept, now, "D")
    after_kill = [file.with_name(f"{file.name}{ending}") for ending in ("", "-wal")]
    left = [*map(content, after_kill)]
    await kept.close()
    for path, body in zip(after_kill, left, strict=True):
        write(path, body)
    await bring_back(url, backup, aside)
    await kept.open()
    assert await titles(kept) == ["A", "B"]
    assert titles_in(aside) == ["A", "B", "C", "D"]


async def test_restoring_takes_the_place_of_a_damaged_database(
    backup: Path, kept: Database, url: str, file: Path, aside: Path
) -> None:
    """That is what a backup is for; the damaged one is kept as it is."""
    write(file, b"\0" * 50_000)
    write(file.with_name("paperboy.db-wal"), b"rubbish")
    await bring_back(url, backup, aside)
    await kept.open()
    assert await titles(kept) == ["A", "B"]
    assert content(aside) == b"\0" * 50_000


async def test_restoring_makes_the_database_where_there_is_none(
    backup: Path, kept: Database, url: str, file: Path, aside: Path
) -> None:
    remove(file)
    await bring_back(url, backup, aside)
    await kept.open()
    assert await titles(kept) == ["A", "B"]
    assert aside.name not in names(aside.parent)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda backup: backup.unlink(), "There is no backup"),
        (lambda backup: backup.write_bytes(b"Dear diary, " * 1_000), "is damaged or none; take another"),
        (lambda backup: os.truncate(backup, backup.stat().st_size // 2), "is damaged"),
        (lambda backup: change(backup, "DROP TABLE alembic_version"), "no database of Paperboy's"),
        (
            lambda backup: change(backup, "UPDATE alembic_version SET version_num = '9999'"),
            "today.db was made by a newer",
        ),
    ],
    ids=["missing", "diary", "cut", "strange", "newer"],
)
async def test_a_backup_that_cannot_be_used_changes_nothing(
    backup: Path, url: str, file: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(backup)
    before = content(file)
    with pytest.raises(StorageError, match=words):
        await bring_back(url, backup, file.with_name("aside"))
    assert content(file) == before
    assert names(file.parent) == ["backups", "paperboy.db"]


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


async def test_an_error_on_the_way_leaves_the_database_that_is(
    backup: Path, url: str, file: Path, aside: Path
) -> None:
    async def fail() -> None:
        async with restored(url, backup, aside, silent):
            raise KeyError

    before = content(file)
    with pytest.raises(KeyError):
        await fail()
    assert content(file) == before
    assert names(file.parent) == ["backups", "paperboy.db"]


async def test_a_database_that_somebody_has_open_is_not_replaced(
    backup: Path, url: str, file: Path, aside: Path
) -> None:
    """Another program would go on in the file that nobody sees any more."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT count(*) FROM papers").fetchone()
        with pytest.raises(StorageError, match="in use by another program"):
            await bring_back(url, backup, aside)
    assert titles_in(file) == ["A", "B", "C"]


async def test_the_database_itself_is_no_backup_of_it(
    backup: Path, url: str, file: Path, aside: Path
) -> None:
    with pytest.raises(StorageError, match="is the database itself"):
        await bring_back(url, file, aside)


async def test_what_was_to_be_sent_is_let_go_of(database: Database, now: datetime) -> None:
    """Planned or on its way: nobody knows whether it was sent since. What is settled stays as it is."""
    async with database.writing() as session:
        sent, sending, planned = [
            await ledger.plan(session, chat_id, Kind.ASKED, [], now) for chat_id in (1, 2, 3)
        ]
        assert sent
        await ledger.claim(session, now, timedelta(minutes=5), 2)
        await settled.sent(session, sent, 77, now)
        assert await let_go_of_unsettled(session, now) == 2
        states = [
            digest and (digest.state, digest.why)
            for digest in [
                await ledger.get(session, 1, sent),
                await ledger.get(session, 2, sending or 0),
                await ledger.get(session, 3, planned or 0),
            ]
        ]
        assert await ledger.claim(session, now + timedelta(days=1), timedelta(minutes=5), 9) == []
    let_go = (State.SKIPPED, "restored from a backup")
    assert states == [(State.SENT, None), let_go, let_go]

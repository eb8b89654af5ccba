"""A database that is away for a while, or is put back: nothing is lost, and nothing comes twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from postgres import Server
from town import Town, eventually

from bot.commands.backups import make_backup, restore
from storage import ledger, readers, votes
from storage.errors import StorageError
from storage.ledger import State

CHAT = 7
Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def away(request: pytest.FixtureRequest, dialect: str, empty_url: str) -> Away:
    """Return what takes the database away for a while: a disk is unmounted, or a server lets nobody on."""
    if dialect == "sqlite":
        return partial(_hidden, Path(empty_url.removeprefix("sqlite:///")))
    return partial(_cut_off, request.getfixturevalue("postgres"), empty_url)


@contextmanager
def _hidden(file: Path) -> Iterator[None]:
    hidden = shutil.move(file, f"{file}.hidden")
    yield
    shutil.move(hidden, file)


@contextmanager
def _cut_off(postgres: Server, url: str) -> Iterator[None]:
    postgres.take_away(url)
    yield
    postgres.bring_back(url)


async def states(town: Town) -> dict[State, int]:
    async with town.bot.database.reading() as session:
        return await ledger.counts(session, town.clock.now - timedelta(days=90))


@pytest.fixture
async def settled(town: Town) -> Town:
    """A town with a reader who gets a digest at eight, and got their first."""
    await settle(town)
    return town


async def settle(town: Town) -> None:
    """Have a reader choose their hour, and wait until their first digest stands in the ledger as sent."""
    await town.chat(CHAT).settle()

    async def written_down() -> bool | None:
        return (await states(town))[State.SENT] == 1 or None

    await eventually(written_down, "the first digest in the ledger")


async def test_a_database_that_is_away_delays_a_digest_and_loses_none(settled: Town, away: Away) -> None:
    """The round ends at once, with an error in words; when it is over, the next one delivers, once."""
    settled.clock.pass_by(days=1)
    with away(), pytest.raises(StorageError, match=r"cannot be (opened|used)"):
        await settled.bot.digest_round()
    await settled.bot.digest_round()
    await settled.bot.digest_round()
    assert (await states(settled))[State.SENT] == 2


async def test_a_press_meanwhile_counts_when_it_is_over(settled: Town, away: Away) -> None:
    chat = settled.chat(CHAT)
    first = await chat.wait_for("fresh off the press")
    with away():
        await chat.do("presses", message_id=first["message_id"], data=thumb_of(first))

    async def voted() -> bool | None:
        async with settled.bot.database.reading() as session:
            return bool(await votes.of_chat(session, CHAT)) or None

    await eventually(voted, "the vote")


def thumb_of(message: dict[str, object]) -> str:
    keyboard = message["reply_markup"]["inline_keyboard"]
    return next(button["callback_data"] for row in keyboard for button in row if "👍" in button["text"])


async def test_after_restoring_nobody_gets_a_second_digest_of_a_day(
    asleep: Town, file: Path, tmp_path: Path
) -> None:
    """The backup is of the evening; this morning's digest was sent after it. The next day's comes as ever."""
    backup = tmp_path / "backup.db"
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await settle(asleep)
        make_backup(asleep.settings, backup, overwrite=False)
        asleep.clock.pass_by(days=1)
        await paperboy.digest_round()
        sent = len(await asleep.chat(CHAT).from_bot())
    asleep.clock.pass_by(minutes=20)
    await restore(asleep.settings, backup, asleep.clock.now)
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await paperboy.planner.welcome_list(asleep.clock.now)
        await paperboy.digest_round()
        assert len(await asleep.chat(CHAT).from_bot()) == sent
        assert (await states(asleep))[State.SKIPPED] == 1
        asleep.clock.pass_by(days=1)
        await paperboy.digest_round()
        assert len(await asleep.chat(CHAT).from_bot()) == sent + 1


async def test_after_restoring_an_old_backup_there_is_no_flood(
    asleep: Town, file: Path, tmp_path: Path
) -> None:
    """Each day since stands in the ledger with its reason; who waits for the list does so until tomorrow."""
    backup = tmp_path / "backup.db"
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await settle(asleep)
        await asleep.chat(8).settle()
        async with paperboy.database.writing() as session:
            reader = await readers.get(session, 8)
            assert reader
            await readers.save(session, on_arrival(reader))
    make_backup(asleep.settings, backup, overwrite=False)
    asleep.clock.pass_by(days=5)
    await restore(asleep.settings, backup, asleep.clock.now)
    async with asleep.bot_awake() as paperboy:
        sent = len(await asleep.requests("sendMessage"))
        await paperboy.planner.welcome_list(asleep.clock.now)
        await paperboy.digest_round()
        assert len(await asleep.requests("sendMessage")) == sent
        assert (await states(asleep))[State.SKIPPED] == 5 + 1


def on_arrival(reader: readers.Reader) -> readers.Reader:
    return replace(reader, on_arrival=True, next_due_at=None)

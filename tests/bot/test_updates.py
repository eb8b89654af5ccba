"""Updates between Telegram and the handlers: a real database, and handlers that are told how to behave."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.receiving.alone import MOST_WAITING
from bot.receiving.persistence import Persistence
from bot.receiving.sieve import MOST_TRIES
from bot.receiving.told import Told
from bot.receiving.updates import Updates
from bot.receiving.work import SIDE_BY_SIDE
from storage import inbox
from storage.database import Database
from storage.errors import StorageError
from storage.inbox import KeptUpdate

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def said(number: int, chat_id: int = 7) -> Told:
    chat = {"id": chat_id, "type": "private", "first_name": "Ada"}
    return Told.of(
        Update.de_json(
            {
                "update_id": number,
                "message": {"message_id": number, "date": 1, "chat": chat, "text": "secret"},
            }
        )
    )


class Handlers:
    """An application that notes what it carries out, waits where it is held, and fails as it is told."""

    bot = None

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.failures: defaultdict[int, list[Exception]] = defaultdict(list)
        self.held: defaultdict[int, asyncio.Event] = defaultdict(_open)

    def hold(self, number: int) -> None:
        self.held[number].clear()

    async def process_update(self, update: Update) -> None:
        self.begun.append(update.update_id)
        await self.held[update.update_id].wait()
        if failures := self.failures[update.update_id]:
            raise failures.pop()
        self.done.append(update.update_id)


def _open() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


class Hasty(Persistence):
    """Waits by a clock of its own, on which a day is over at once."""

    async def wait(self, seconds: float) -> bool:
        await asyncio.sleep(0 * seconds)
        return self.stopping.is_set()


class House:
    """The receiver with all that it needs; excuses are noted."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.excused: list[int] = []
        self.begin_anew()

    def begin_anew(self) -> None:
        self.handlers = Handlers()
        application: Any = self.handlers
        self.updates = Updates(application, self.database, lambda: self.now, self.excuse)

    async def excuse(self, update: Update) -> None:
        self.excused.append(update.update_id)

    async def waiting(self) -> list[KeptUpdate]:
        async with self.database.reading() as session:
            return await inbox.waiting(session)

    async def ids(self) -> list[int]:
        return [kept.update_id for kept in await self.waiting()]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = Database(f"sqlite:///{tmp_path / 'paperboy.db'}", patience=timedelta(milliseconds=20))
    await database.open()
    yield House(database)
    await database.close()


async def settled(house: House) -> None:
    """Give everything that can go on the time to do so."""
    for _ in range(20):
        await asyncio.sleep(0.005)


async def test_what_is_carried_out_leaves_the_inbox(house: House) -> None:
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1), said(2, 8)], tasks)
    assert sorted(house.handlers.done) == [1, 2]
    assert await house.ids() == []


async def test_it_is_in_the_inbox_before_it_is_begun_and_until_it_is_done(house: House) -> None:
    house.handlers.hold(1)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1)], tasks)
        assert await house.ids() == [1]
        house.handlers.held[1].set()


async def test_the_next_of_a_chat_waits_for_the_one_before(house: House) -> None:
    house.handlers.hold(1)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1), said(2)], tasks)
        await settled(house)
        assert house.handlers.begun == [1]
        house.handlers.held[1].set()
    assert house.handlers.done == [1, 2]


async def test_of_each_chat_at_most_one_would_be_carried_out_again(house: House) -> None:
    """A chat's next update begins when the one before has left the inbox, not when it is done."""
    house.handlers.hold(2)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1), said(2)], tasks)
        await settled(house)
        assert house.handlers.begun == [1, 2]
        assert await house.ids() == [2]
        house.handlers.held[2].set()


async def test_a_slow_chat_holds_up_no_other(house: House) -> None:
    house.handlers.hold(1)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1, 1), *(said(number, number) for number in range(2, 90))], tasks)
        await settled(house)
        assert len(house.handlers.done) == 88
        house.handlers.held[1].set()


async def test_only_so_many_chats_are_served_at_once(house: House) -> None:
    numbers = range(1, SIDE_BY_SIDE + 10)
    for number in numbers:
        house.handlers.hold(number)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(number, number) for number in numbers], tasks)
        await settled(house)
        assert len(house.handlers.begun) == SIDE_BY_SIDE
        for number in numbers:
            house.handlers.held[number].set()
    assert len(house.handlers.done) == len(numbers)


async def test_whoever_takes_long_keeps_nobody_out(house: House) -> None:
    """All that are served at once may be waiting for the pace of their groups, which may be one person's."""
    numbers = range(1, SIDE_BY_SIDE + 1)
    for number in numbers:
        house.handlers.hold(number)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(number, number) for number in numbers], tasks)
        await house.updates.take([said(1_000, 1_000)], tasks)
        async with asyncio.timeout(30):
            while 1_000 not in house.handlers.done:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        for number in numbers:
            house.handlers.held[number].set()
    assert sorted(house.handlers.done) == [*numbers, 1_000]


async def test_what_is_told_again_is_carried_out_once(house: House) -> None:
    house.handlers.hold(1)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1)], tasks)
        await house.updates.take([said(1)], tasks)
        house.handlers.held[1].set()
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1)], tasks)
    assert house.handlers.done == [1]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the database's write lock, as another program would."""
    other = sqlite3.connect(folder / "paperboy.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


async def test_what_cannot_be_kept_is_not_begun(house: House, tmp_path: Path) -> None:
    with locked(tmp_path):
        async with asyncio.TaskGroup() as tasks:
            with pytest.raises(StorageError, match="locked"):
                await house.updates.take([said(1)], tasks)
    assert house.handlers.begun == []


async def test_what_the_database_refuses_is_tried_again_and_excused_once(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The chat's later ones wait for it; the log tells of the outage in two lines."""
    house.handlers.failures[1] = [StorageError("it is locked"), StorageError("it is locked")]
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1), said(2)], tasks)
    assert house.handlers.done == [1, 2]
    assert house.excused == [1]
    assert await house.ids() == []
    told = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert told == [
        "updates wait until they can be written down: it is locked",
        "updates are written down again",
    ]


async def test_what_cannot_be_taken_out_is_taken_out_when_it_can_be(house: House, tmp_path: Path) -> None:
    """And the chat's next one waits for that."""
    house.handlers.hold(1)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1), said(2)], tasks)
        with locked(tmp_path):
            house.handlers.held[1].set()
            await settled(house)
            assert house.handlers.begun == [1]
    assert house.handlers.done == [1, 2]
    assert await house.ids() == []


async def test_a_stop_leaves_what_the_database_refuses_to_the_next_start(house: House) -> None:
    house.handlers.failures[1] = [StorageError("it is locked")]
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1), said(2)], tasks)
        house.updates.stopping.set()
    await house.updates.end()
    assert await house.ids() == [1, 2]
    house.begin_anew()
    async with asyncio.TaskGroup() as tasks:
        await house.updates.replay(tasks)
    assert house.handlers.done == [1, 2]


async def test_what_the_database_refuses_after_a_sleep_of_days_is_tried_again(house: House) -> None:
    """A clock that jumps, or a process that slept, has waited for nothing."""
    house.handlers.failures[1] = [StorageError("it is locked")]
    house.handlers.failures[2] = [StorageError("it is locked")]
    house.handlers.hold(2)
    async with house.database.writing() as session:
        await inbox.keep(session, [KeptUpdate(1, 7, said(1).body, NOW - timedelta(days=3))])
    async with asyncio.TaskGroup() as tasks:
        await house.updates.replay(tasks)
        await house.updates.take([said(2, 8)], tasks)
        house.now += timedelta(days=3)
        house.handlers.held[2].set()
    assert sorted(house.handlers.done) == [1, 2]
    assert await house.ids() == []


async def test_after_a_day_of_trying_it_is_given_up(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.updates.handling.persistence = Hasty(house.updates.stopping)
    house.handlers.failures[1] = [StorageError("it is locked")] * 10_000
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1), said(2)], tasks)
    assert house.handlers.done == [2]
    assert await house.ids() == []
    assert "update 1 could not be carried out for a day" in caplog.text
    assert "secret" not in caplog.text


async def test_at_a_stop_what_is_not_taken_out_keeps_back_the_chat_s_next(
    house: House, tmp_path: Path
) -> None:
    """Or two of a chat would be carried out again at the next start."""
    house.handlers.hold(1)
    with ExitStack() as at_the_end:
        async with asyncio.TaskGroup() as tasks:
            await house.updates.take([said(1), said(2)], tasks)
            at_the_end.enter_context(locked(tmp_path))
            house.handlers.held[1].set()
            await settled(house)
            house.updates.stopping.set()
    assert house.handlers.done == [1]
    assert await house.ids() == [1, 2]


async def test_only_the_culprit_is_set_aside(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """What two starts found here is carried out alone; so a second one beside the culprit survives it."""
    house.handlers.hold(1)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(1)], tasks)
        async with house.database.writing() as session:  # killed, and killed again, with both in hand
            await inbox.keep(session, [KeptUpdate(2, 8, said(2, 8).body, NOW)])
            await inbox.count_try(session, [1, 2])
        house.begin_anew()
        for _ in range(MOST_TRIES - 1):
            await _killed_while_handling(house, 1)
        assert [kept.tries for kept in await house.waiting()] == [MOST_TRIES, 1]
        house.begin_anew()
        await house.updates.replay(tasks)
        assert house.handlers.done == [2]
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
    assert "update 1 ended the process 10 times: it is set aside" in caplog.text
    assert await house.ids() == []


async def _killed_while_handling(house: House, culprit: int) -> None:
    house.begin_anew()
    house.handlers.hold(culprit)

    async def live() -> None:
        async with asyncio.TaskGroup() as tasks:
            await house.updates.replay(tasks)

    life = asyncio.create_task(live())
    await settled(house)
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
    assert house.handlers.begun == [culprit]


async def test_an_orderly_end_is_held_against_no_update(house: House) -> None:
    async with house.database.writing() as session:
        await inbox.keep(session, [KeptUpdate(1, 7, said(1).body, NOW)])
        await inbox.count_try(session, [1])
    await house.updates.end()
    assert [kept.tries for kept in await house.waiting()] == [0]


async def test_what_cannot_be_read_is_set_aside(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async with house.database.writing() as session:
        await inbox.keep(
            session, [KeptUpdate(1, 7, '{"message": "secret"', NOW), KeptUpdate(2, 7, "[]", NOW)]
        )
    with caplog.at_level(logging.ERROR):
        async with asyncio.TaskGroup() as tasks:
            await house.updates.replay(tasks)
    assert await house.ids() == []
    assert "update 1 cannot be read" in caplog.text


async def test_with_too_many_waiting_no_more_is_asked_for(house: House) -> None:
    assert MOST_WAITING == 10_000
    for number in (1, 20_000):
        house.handlers.hold(number)
    async with asyncio.TaskGroup() as tasks:
        await house.updates.take([said(number) for number in range(1, 10_000)], tasks)
        assert not house.updates.is_full
        await house.updates.take([said(20_000, 8)], tasks)
        assert house.updates.is_full
        house.handlers.held[20_000].set()
        await settled(house)
        assert not house.updates.is_full
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

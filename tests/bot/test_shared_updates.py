"""Many processes on one PostgreSQL, any of which may be told any update."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from telegram import Update

from bot.receiving.sieve import MOST_TRIES
from bot.receiving.told import Told
from bot.receiving.updates import Updates
from storage import inbox, receipts, turns
from storage.database import Database
from storage.errors import StorageError
from storage.turns import Holder

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ADA, BOB = 7, 8
HEIR = Holder("heir", timedelta(minutes=1))


def said(number: int, chat_id: int = ADA) -> Told:
    chat = {"id": chat_id, "type": "private", "first_name": "Ada"}
    message = {"message_id": number, "date": 1, "chat": chat, "text": "secret"}
    return Told.of(Update.de_json({"update_id": number, "message": message}))


async def until(look: Callable[[], bool]) -> None:
    """Wait until something can be seen from outside."""
    async with asyncio.timeout(60):
        while not look():  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)


class Chronicle:
    """What was carried out, whoever did it; and whether two of a chat were in hand at once."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.doers: set[str] = set()
        self.together: list[int] = []
        self.held: dict[int, asyncio.Event] = {}
        self.in_hand: dict[int, int] = {}  # the update of each chat

    def hold(self, number: int) -> None:
        self.held[number] = asyncio.Event()

    async def carry_out(self, update: Update, doer: str) -> None:
        chat_id = update.effective_chat.id if update.effective_chat else 0
        if chat_id in self.in_hand:
            self.together.append(update.update_id)
        self.in_hand[chat_id] = update.update_id
        await asyncio.sleep(0)
        if event := self.held.get(update.update_id):
            await event.wait()
        self.in_hand.pop(chat_id, None)
        self.done.append(update.update_id)
        self.doers.add(doer)

    async def until(self, *numbers: int) -> None:
        await until(lambda: set(numbers) <= set(self.done))


class Process:
    """One process: handlers that write what they do into a chronicle, and its updates."""

    bot = None

    def __init__(self, name: str, database: Database, chronicle: Chronicle) -> None:
        self.name = name
        self.database = database
        self.chronicle = chronicle
        self.refusals = 0
        self.is_refused, self.goes_on = asyncio.Event(), asyncio.Event()
        application: Any = self
        self.updates = Updates(application, database, lambda: NOW, self.excuse)

    async def excuse(self, _update: Update) -> None:
        """Stand still after a refusal, before the next try."""
        self.is_refused.set()
        await self.goes_on.wait()

    async def process_update(self, update: Update) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StorageError("it is away")
        await self.chronicle.carry_out(update, self.name)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.TaskGroup]:
        """Run it, with an orderly end."""
        async with asyncio.TaskGroup() as tasks:
            await self.updates.replay(tasks)
            yield tasks
            self.updates.stopping.set()
        await self.updates.end()

    async def killed_with(self, *told: Told) -> None:
        """Be told updates, and be killed with the first of each chat in hand; long ago, by the clock."""
        firsts = {each.chat_id: each.update_id for each in reversed(told)}.values()
        for number in firsts:
            self.chronicle.hold(number)
        running = asyncio.create_task(self._take_and_hang(told))
        await until(lambda: all(self.has_in_hand(number) for number in firsts))
        await self._kill(running)

    async def killed_by(self, culprit: int) -> None:
        """Begin, find what was left behind, and be killed by it; long ago, by the clock."""
        self.chronicle.hold(culprit)
        running = asyncio.create_task(self._live())
        await until(lambda: self.has_in_hand(culprit))
        await self._kill(running)

    async def _live(self) -> None:
        async with self.running():
            await asyncio.Event().wait()

    async def _kill(self, running: asyncio.Task[None]) -> None:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        self.chronicle.held.clear()
        self.chronicle.in_hand.clear()
        await self.let_leases_run_out()

    async def let_leases_run_out(self) -> None:
        async with self.database.writing() as session:
            past = "UPDATE inbox SET held_until = held_until - interval '1 hour' WHERE holder IS NOT NULL"
            await session.execute(text(past))

    @asynccontextmanager
    async def refused(self, *told: Told) -> AsyncIterator[asyncio.TaskGroup]:
        """Be told updates, fail with the first one as its lease runs out; try again at the end."""
        self.refusals = 1
        async with asyncio.TaskGroup() as tasks:
            await self.updates.take(told, tasks)
            await self.is_refused.wait()
            await self.let_leases_run_out()
            yield tasks
            self.goes_on.set()

    async def _take_and_hang(self, told: tuple[Told, ...]) -> None:
        async with asyncio.TaskGroup() as tasks:
            await self.updates.take(told, tasks)

    def has_in_hand(self, number: int) -> bool:
        return number in self.chronicle.in_hand.values()


@pytest.fixture
async def databases(empty_postgres_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Open one database as two hosts do, each with connections of its own."""
    first, second = Database(empty_postgres_url), Database(empty_postgres_url)
    yield first, second
    await first.close()
    await second.close()


@pytest.fixture
def chronicle() -> Chronicle:
    return Chronicle()


@pytest.fixture
def processes(databases: tuple[Database, Database], chronicle: Chronicle) -> tuple[Process, Process]:
    first, second = databases
    return Process("first", first, chronicle), Process("second", second, chronicle)


async def waiting(database: Database) -> list[int]:
    async with database.reading() as session:
        return [kept.update_id for kept in await inbox.waiting(session)]


async def test_what_a_chat_says_through_two_processes_is_done_in_order_and_once(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    """Each update comes to both; a balancer sends one to the second while the first still has the chat."""
    first, second = processes
    async with first.running() as tasks, second.running() as others:
        for number in range(1, 51):
            await asyncio.gather(
                first.updates.take([said(number)], tasks), second.updates.take([said(number)], others)
            )
        await chronicle.until(*range(1, 51))
    assert chronicle.done == [*range(1, 51)]
    assert chronicle.together == []
    assert await waiting(first.database) == []


async def test_many_chats_are_shared_and_no_two_of_one_are_in_hand_together(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    """All at once, to whichever process; what was told later may come first, but none is lost."""
    first, second = processes
    async with first.running() as tasks, second.running() as others:
        told = [said(number, number % 10) for number in range(1, 201)]
        await asyncio.gather(
            *(first.updates.take([each], tasks) for each in told[::2]),
            *(second.updates.take([each], others) for each in told[1::2]),
        )
        await chronicle.until(*range(1, 201))
    assert sorted(chronicle.done) == [*range(1, 201)]
    assert chronicle.together == []
    assert chronicle.doers == {"first", "second"}
    assert await waiting(first.database) == []


async def test_what_comes_for_a_chat_in_other_hands_waits_for_those(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    first, second = processes
    chronicle.hold(1)
    async with first.running() as tasks, second.running() as others:
        await first.updates.take([said(1)], tasks)
        await second.updates.take([said(2), said(20, BOB)], others)
        await chronicle.until(20)
        assert chronicle.done == [20]
        chronicle.held[1].set()
        await chronicle.until(1, 2)
    assert chronicle.done == [20, 1, 2]


async def test_what_a_live_process_has_in_hand_is_not_taken_at_a_start(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    first, second = processes
    chronicle.hold(1)
    async with first.running() as tasks:
        await first.updates.take([said(1), said(2)], tasks)
        async with second.running():
            pass
        assert chronicle.done == []
        assert await waiting(first.database) == [1, 2]
        chronicle.held[1].set()
    assert chronicle.done == [1, 2]


async def test_what_a_process_that_died_had_in_hand_is_taken_up_in_order(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    first, second = processes
    await first.killed_with(said(1), said(2), said(20, BOB))
    async with second.running():
        await chronicle.until(1, 2, 20)
    assert [number for number in chronicle.done if number != 20] == [1, 2]
    assert await waiting(first.database) == []


async def test_the_chats_of_a_process_that_died_are_taken_up_side_by_side(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    first, second = processes
    told = [said(number, chat_id=number) for number in range(1, 31)]
    await first.killed_with(*told)
    for each in told:
        chronicle.hold(each.update_id)
    async with second.running():
        await until(lambda: len(chronicle.in_hand) == len(told))
        for event in chronicle.held.values():
            event.set()
    assert sorted(chronicle.done) == [each.update_id for each in told]


async def test_an_orderly_end_leaves_what_is_not_done_to_others_at_once(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    """And counts as no try."""
    first, second = processes
    chronicle.hold(1)
    async with asyncio.TaskGroup() as tasks:
        await first.updates.take([said(1), said(2)], tasks)
        await first.updates.end()
        async with first.database.reading() as session:
            assert [kept.tries for kept in await inbox.waiting(session)] == [0, 0]
        chronicle.held.clear()
        async with second.running():
            await chronicle.until(1, 2)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
    assert chronicle.done == [1, 2]


async def test_after_an_outage_nobody_does_again_what_another_did_and_went_on_from(
    processes: tuple[Process, Process], chronicle: Chronicle, caplog: pytest.LogCaptureFixture
) -> None:
    """Else what a chat said first would be done once more after what it said last, and hold instead of it."""
    first, second = processes
    async with first.refused(said(1), said(2)), second.running():
        await chronicle.until(1, 2)
    assert chronicle.done == [1, 2]
    assert chronicle.doers == {"second"}
    assert "update 1 was in hand for too long: another process took it over" in caplog.text


async def test_what_another_has_in_hand_after_an_outage_is_left_to_it_without_a_receipt(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    """A receipt would tell its heir that it was carried out."""
    first, _ = processes
    async with first.refused(said(1), said(2)), first.database.writing() as session:
        assert await turns.take_over(session, HEIR, NOW, (), 1)
    assert chronicle.done == []
    assert await waiting(first.database) == [1, 2]
    async with first.database.writing() as session:
        assert await receipts.take(session, 1, NOW)


async def test_what_was_left_to_an_heir_is_taken_over_again_when_that_one_died(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    first, _ = processes
    async with first.refused(said(1)), first.database.writing() as session:
        assert await turns.take_over(session, HEIR, NOW, (), 1)
    await first.let_leases_run_out()
    async with first.running():
        await chronicle.until(1)
    assert await waiting(first.database) == []


async def test_what_nobody_took_over_in_an_outage_is_tried_again(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    first, _ = processes
    async with first.refused(said(1), said(2)):
        pass
    assert chronicle.done == [1, 2]
    assert await waiting(first.database) == []


async def test_what_its_heir_let_go_again_is_done_once_by_who_waits_to_try_it_again(
    processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    first, _ = processes
    async with first.refused(said(1)) as tasks:
        async with first.database.writing() as session:
            assert await turns.take_over(session, HEIR, NOW, (), 1)
            await turns.give_up(session, HEIR)
        await first.updates.take([said(2)], tasks)
    assert chronicle.done == [1, 2]
    assert await waiting(first.database) == []


async def test_only_the_culprit_that_kills_processes_is_set_aside(
    databases: tuple[Database, Database], chronicle: Chronicle, caplog: pytest.LogCaptureFixture
) -> None:
    """What was in hand beside it is begun with it once more at most; what its chat said later comes later."""
    victim = Process("0", databases[0], chronicle)
    await victim.killed_with(said(1), said(2), said(20, BOB))
    for life in range(1, MOST_TRIES):
        await Process(str(life), databases[0], chronicle).killed_by(1)
    async with Process("last", databases[1], chronicle).running():
        await until(lambda: "it is set aside" in caplog.text)
    async with Process("after it", databases[1], chronicle).running():
        await chronicle.until(2)
    assert {*chronicle.done} == {2, 20}
    assert chronicle.done.count(20) <= 2
    assert MOST_TRIES == 10
    assert "update 1 ended the process 10 times: it is set aside" in caplog.text
    assert "secret" not in caplog.text


async def test_what_stood_still_for_hours_is_taken_up_without_long_pauses(
    databases: tuple[Database, Database], processes: tuple[Process, Process], chronicle: Chronicle
) -> None:
    """A look begins a hundred chats, and where as many waits, the next one does not wait for its time."""
    told = [said(number, chat_id=number) for number in range(1, 751)]
    async with databases[0].writing() as session:
        await inbox.keep(session, [each.to_keep(NOW) for each in told])
    async with processes[0].running():
        await chronicle.until(*range(1, 751))

"""Leading: one process at a time does what only one may do, and another takes over where it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update
from wire import Wire

from bot.clock import utc_now
from bot.process.leading import LEASE, LOOKS, Leadership, sign
from storage.database import Database
from storage.tables import LEASES

LASTS = timedelta(seconds=0.8)
SOON = 5.0


@dataclass
class Work:
    """What only one may do at a time; it remembers who did so, and how many at once."""

    under_way: list[str] = field(default_factory=list)
    most_at_once: int = 0
    turns: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        self.under_way.append(name)
        self.turns.append(name)
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        try:
            yield
        finally:
            self.under_way.remove(name)

    async def until_done_by(self, name: str) -> None:
        async with asyncio.timeout(SOON):
            while name not in self.under_way:  # noqa: ASYNC110 - it is looked at from outside
                await asyncio.sleep(0.01)


@pytest.fixture
async def databases(empty_postgres_url: str) -> AsyncIterator[list[Database]]:
    """Open one database twice, as two processes do."""
    opened = [Database(empty_postgres_url), Database(empty_postgres_url)]
    for database in opened:
        await database.open()
    yield opened
    for database in opened:
        await database.close()


@pytest.fixture
async def begin(databases: list[Database]) -> AsyncIterator[Callable[[int, Work], asyncio.Task[None]]]:
    """Have processes lead, each on a database of its own; they end with the test."""
    begun: list[asyncio.Task[None]] = []

    def begin(number: int, work: Work) -> asyncio.Task[None]:
        leadership = Leadership(databases[number], "ticking", f"process {number}", utc_now, LASTS)
        begun.append(asyncio.create_task(leadership.lead(lambda: work.of(f"process {number}"))))
        return begun[-1]

    yield begin
    for task in begun:
        task.cancel()
    await asyncio.gather(*begun, return_exceptions=True)


Begin = Callable[[int, Work], asyncio.Task[None]]


async def test_one_of_two_leads_and_the_other_at_once_when_it_ends_in_order(begin: Begin) -> None:
    work = Work()
    first = begin(0, work)
    await work.until_done_by("process 0")
    begin(1, work)
    await asyncio.sleep(2 * LASTS.total_seconds())
    assert work.turns == ["process 0"], "who leads goes on, however often its lease would have run out"
    first.cancel()
    await work.until_done_by("process 1")
    assert work.most_at_once == 1


async def test_one_that_cannot_say_that_it_leads_stops_before_another_begins(
    begin: Begin, databases: list[Database]
) -> None:
    """As where its network is gone: nobody tells it, it stops by itself."""
    work = Work()
    begin(0, work)
    await work.until_done_by("process 0")
    begin(1, work)
    held = await _stall(databases[0])
    await work.until_done_by("process 1")
    assert work.most_at_once == 1
    await held()


async def test_one_whose_network_is_silent_stops_before_another_begins(
    begin: Begin, empty_postgres_url: str
) -> None:
    """To give up a connection on which nothing comes back takes seconds, and it does not wait for those."""
    work = Work()
    async with Wire(empty_postgres_url).laid() as wire:
        away = Database(wire.url)
        leading = asyncio.create_task(
            Leadership(away, "ticking", "away", utc_now, LASTS).lead(partial(work.of, "away"))
        )
        await work.until_done_by("away")
        begin(1, work)
        wire.speaks.clear()
        await work.until_done_by("process 1")
        wire.speaks.set()
        leading.cancel()
        await asyncio.gather(leading, return_exceptions=True)
        await away.close()
    assert work.most_at_once == 1


async def test_one_whose_lease_is_anothers_stops(begin: Begin, databases: list[Database]) -> None:
    """As after a long sleep of its machine."""
    work = Work()
    begin(0, work)
    await work.until_done_by("process 0")
    async with databases[1].writing() as session:
        await session.execute(update(LEASES).values(holder="somebody else"))
    async with asyncio.timeout(SOON):
        while work.under_way:  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.01)


async def test_on_a_file_of_its_own_a_process_leads_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('own') / 'paperboy.db'}")
    work = Work()
    leading = asyncio.create_task(
        Leadership(database, "ticking", sign(), utc_now).lead(lambda: work.of("it"))
    )
    await work.until_done_by("it")
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)


def test_another_takes_over_within_half_a_minute() -> None:
    """One that is gone leaves at most a whole lease, and the other looks at most a pause later."""
    assert timedelta(seconds=30) >= LEASE + LEASE / LOOKS


def test_no_two_processes_sign_alike() -> None:
    assert sign() != sign()


async def _stall(database: Database) -> Callable[[], Awaitable[None]]:
    """Let a database answer nothing any more: all its connections are taken. What is given back ends that."""
    stack: list[asyncio.Task[None]] = []
    taken = asyncio.Event()

    async def hold() -> None:
        async with database.writing() as session:
            await session.connection()
            await taken.wait()

    async def release() -> None:
        taken.set()
        await asyncio.gather(*stack)

    stack.extend(asyncio.create_task(hold()) for _ in range(_CONNECTIONS))
    await asyncio.sleep(0.05)
    return release


_CONNECTIONS = 15  # of a pool, with what it has beyond for a rush

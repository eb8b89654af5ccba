"""Whatever has to go on in a process and hangs is told by name; here a lock on a table holds it up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import asyncpg
import httpx
import pytest
from days_source import DaysSource
from town import TOKEN, Town, eventually

from bot.chat.application import TelegramAccess
from bot.pacing.limits import NO_LIMITS
from bot.planning.planner import EVERYBODY
from bot.process.app import assembled
from bot.queueing.schema import schema_name
from bot.receiving import long_poll
from bot.receiving.persistence import LONGEST_PAUSE
from bot.receiving.webhook import Hook, make_secret, receive_webhook
from bot.roles import Role
from bot.rounds import Paperboy
from bot.telling.strides import Strides
from bot.watching.server import served
from bot.watching.watchman import Watchman
from bot.watching.works import works_of
from sources.web.client import Limits
from storage import readers

HASTE = timedelta(seconds=0.2)


@pytest.fixture
def empty_url(bare_postgres_url: str) -> str:
    """A file lets nobody wait for ever: whoever cannot have its lock is told so."""
    return bare_postgres_url


@asynccontextmanager
async def locked(url: str, table: str, mode: str = "ACCESS EXCLUSIVE") -> AsyncIterator[None]:
    """Let nobody look at a table; in mode SHARE nobody write."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN {mode} MODE")
            yield
    finally:
        await connection.close()


@asynccontextmanager
async def looked_at(paperboy: Paperboy, work: str) -> AsyncIterator[httpx.AsyncClient]:
    """Ask a process how it does, of which one work may stand still for a moment only."""
    works = works_of(paperboy)
    watchman = Watchman(paperboy, works | {work: replace(works[work], longest=HASTE)})
    async with served("127.0.0.1", 0, watchman.pages) as address, httpx.AsyncClient(base_url=address) as http:
        yield http


async def until_told(http: httpx.AsyncClient, work: str) -> None:
    """Wait until a process says that a work stands still, and that it is this one alone."""

    async def is_told() -> bool | None:
        answer = await http.get("/healthz")
        standing = [line for line in answer.text.splitlines() if not line.endswith(": ok")]
        assert bool(standing) is (answer.status_code == 503)
        assert all(line.startswith(f"{work}: stands still for ") for line in standing)
        return bool(standing) or None

    await eventually(is_told, f"a word of {work}")


async def until_well(http: httpx.AsyncClient) -> None:
    async def is_well() -> bool | None:
        return (await http.get("/healthz")).status_code == 200

    await eventually(is_well, "a process that goes on")


@asynccontextmanager
async def process(town: Town, *roles: Role) -> AsyncIterator[Paperboy]:
    """One of several processes, with a reader who is due."""
    access = TelegramAccess(TOKEN, town.telegram.url, limits=NO_LIMITS)
    parts = assembled(town.settings, access, town.clock, town.dice, roles=frozenset(roles), queued=True)
    async with parts as paperboy:
        async with paperboy.database.writing() as session:
            reader, _ = await readers.subscribe(session, 7, "private", town.clock())
            settled = replace(reader, hour=8, timezone="Europe/Berlin", next_due_at=town.clock())
            await readers.save(session, settled)
        yield paperboy


def plan(paperboy: Paperboy) -> Awaitable[object]:
    return paperboy.planner.plan_range(*EVERYBODY, paperboy.clock())


def work_off_jobs(paperboy: Paperboy) -> Awaitable[object]:
    assert paperboy.queue
    return paperboy.queue.work(paperboy.updates.stopping)


@pytest.mark.parametrize(
    ("role", "table", "do", "work"),
    [
        (Role.PLAN, "papers", Paperboy.keep_up, "keeping up"),
        (Role.PLAN, "votes", plan, "planning"),
        (Role.PLAN, f"{schema_name()}.procrastinate_jobs", work_off_jobs, "looking for jobs"),
        (Role.POLL, "readers", Paperboy.plan_round, "handing out"),
        (Role.DELIVER, "digests", Paperboy.deliver_round, "delivering"),
    ],
)
async def test_a_round_that_hangs_is_told(
    asleep: Town, role: Role, table: str, do: Callable[[Paperboy], Awaitable[object]], work: str
) -> None:
    """And nothing else is: the others are not under way."""
    async with process(asleep, role) as paperboy, looked_at(paperboy, work) as http:
        await until_well(http)
        async with locked(str(asleep.settings.database), table):
            hanging = asyncio.ensure_future(do(paperboy))
            await until_told(http, work)
        paperboy.updates.stopping.set()
        await hanging


async def test_a_source_that_never_answers_is_told_by_its_name(asleep: Town) -> None:
    """And no more once it has answered. Each of its dumps that is done is a step."""
    first, second, third = (asleep.clock().date() - timedelta(days=age) for age in range(3))
    source = DaysSource("slow", at_once=1)
    for number, day in enumerate((first, second, third)):
        source.put(day, number)
    gates = [source.hold_back(day) for day in (first, second)]
    async with process(asleep, Role.POLL) as whole:
        paperboy = replace(whole, sources=[source])
        async with looked_at(paperboy, "polling slow") as http:
            await until_well(http)
            polling = asyncio.ensure_future(paperboy.poll_round())
            for gate in gates:
                await until_told(http, "polling slow")
                before = paperboy.polling["slow"].still
                gate.set()
                await eventually(partial(_less_than, paperboy.polling["slow"], before), "a step")
            await polling
            await until_well(http)


async def _less_than(strides: Strides, before: timedelta) -> bool | None:
    return strides.still < before or None


async def test_updates_that_cannot_be_kept_are_told_by_long_polling(asleep: Town) -> None:
    async with asleep.bot_awake() as paperboy, looked_at(paperboy, "listening") as http:
        async with locked(str(asleep.settings.database), "inbox"):
            await asleep.chat().say("/start")
            await until_told(http, "listening")
        await asleep.chat().wait_for("Hello")


async def test_updates_that_cannot_be_kept_are_told_by_webhook(asleep: Town, unused_tcp_port: int) -> None:
    """Where nothing comes, nothing stands still."""
    hook = Hook(f"http://127.0.0.1:{unused_tcp_port}/", "127.0.0.1", unused_tcp_port, make_secret(TOKEN))
    async with (
        asleep.bot_awake(receive=partial(receive_webhook, hook=hook)) as paperboy,
        looked_at(paperboy, "listening") as http,
    ):
        await asyncio.sleep(HASTE.total_seconds())
        await until_well(http)
        async with locked(str(asleep.settings.database), "inbox"):
            await asleep.chat().say("/start")
            await until_told(http, "listening")
        await until_well(http)


async def test_a_handler_that_never_ends_is_told_though_others_go_on(asleep: Town) -> None:
    """What waits for its turn at the database, though it is asked for something else, is told as well."""
    async with asleep.bot_awake() as paperboy, looked_at(paperboy, "answering") as http:
        async with locked(str(asleep.settings.database), "readers"):
            await asleep.chat().say("/start")
            await until_told(http, "answering")
        await until_well(http)


async def test_an_update_that_cannot_be_taken_out_is_told(asleep: Town) -> None:
    """Here what a press left behind; a database that refuses is asked again, and stands for no hang."""
    async with asleep.bot_awake() as paperboy, looked_at(paperboy, "clearing the inbox") as http:
        async with locked(str(asleep.settings.database), "receipts", "SHARE"):
            await asleep.chat().say("/help")
            await until_told(http, "clearing the inbox")
        await until_well(http)


async def test_no_usual_wait_counts_as_a_hang(asleep: Town) -> None:
    """A long poll, the longest pause after a failure, a dump with all its attempts, a cold start."""
    async with process(asleep, *Role) as paperboy:
        longest = {name: work.longest for name, work in works_of(paperboy).items()}
    a_poll = timedelta(seconds=long_poll.WAIT_SECONDS + 20 + LONGEST_PAUSE)
    assert longest["listening"] > 2 * a_poll - timedelta(seconds=LONGEST_PAUSE)
    assert longest["planning"] > 10 * timedelta(seconds=60)
    assert min(span for name, span in longest.items() if name.startswith("polling ")) > 10 * timedelta(
        seconds=Limits().deadline
    )

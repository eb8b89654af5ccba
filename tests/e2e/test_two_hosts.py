"""Two hosts' worth of processes on one PostgreSQL: the one that ticks is killed, and one that delivers."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from benchmarks.child import Child, SharedClock, Upbringing, nursery_open
from benchmarks.million.town import DUE, Size, fill
from benchmarks.postoffice import Late, PostOffice, Trouble, opened
from bot.delivering.delivery import PLACES
from bot.roles import Role

TOWN = Size(readers=240, papers=300, candidates=40, votes=5)
HOST = ((Role.POLL, Role.PLAN), (Role.DELIVER,), (Role.CHAT,))
LEASE = 3.0
WRITES = ("sendmessage",)


@dataclass(frozen=True)
class Hosts:
    """The processes of both hosts, and what they share."""

    tickers: list[Child]
    deliverers: list[Child]
    office: PostOffice
    clock: SharedClock
    connection: asyncpg.Connection

    async def ask(self, query: str, *values: Any) -> list[Any]:
        """Read the database as it is now."""
        return [tuple(row) for row in await self.connection.fetch(query, *values)]

    async def ticker(self) -> Child:
        """Find the process that ticks."""
        ((holder,),) = await self.ask("SELECT holder FROM leases WHERE name = 'ticking'")
        (child,) = [child for child in self.tickers if f"/{child.pid}/" in holder]
        return child

    async def until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(60):
            while not await is_so():  # noqa: ASYNC110 - it is looked at from outside
                await asyncio.sleep(0.05)


def slow(method: str, _parameters: dict[str, str]) -> Trouble | None:
    """Answer what is sent after a while, so that there is something in flight."""
    return Late(0.1) if method in WRITES else None


@pytest.fixture
async def hosts(empty_postgres_url: str, tmp_path: Path) -> AsyncIterator[Hosts]:
    """Two hosts, each with all roles in processes of their own; nobody is due yet."""
    await fill(empty_postgres_url, TOWN)
    clock = SharedClock.begin(tmp_path / "clock", DUE - timedelta(minutes=1))
    office = PostOffice(slow)
    async with AsyncExitStack() as stack:
        api_url = await stack.enter_async_context(opened(office))
        nursery = await stack.enter_async_context(nursery_open())
        children = []
        for roles in (*HOST, *HOST):
            settings = {"DATABASE_URL": empty_postgres_url}
            upbringing = Upbringing(
                api_url,
                tmp_path,
                clock,
                0.2,
                is_paced=False,
                roles=roles,
                lease=LEASE,
                settings=settings,
            )
            child = Child(upbringing, nursery.bear)
            await child.start()
            stack.push_async_callback(stop, child)
            children.append(child)
        connection = await asyncpg.connect(empty_postgres_url)
        stack.push_async_callback(connection.close)
        yield Hosts([children[0], children[3]], [children[1], children[4]], office, clock, connection)


async def stop(child: Child) -> None:
    if child.is_alive:
        assert await child.stop() == 0, child.words


@pytest.mark.timeout(180)
async def test_every_digest_comes_once_though_a_ticker_and_a_deliverer_are_killed(hosts: Hosts) -> None:
    """But for what the deliverer had in flight, of which nobody can know whether it arrived."""
    ticker = await hosts.ticker()
    await ticker.kill()
    killed_at = time.monotonic()
    hosts.clock.set(DUE)

    async def is_planned() -> bool:
        return not await hosts.ask("SELECT 1 FROM readers WHERE next_due_at <= $1 LIMIT 1", DUE)

    await hosts.until(is_planned)
    assert await hosts.ticker() is not ticker
    assert time.monotonic() - killed_at < 30

    async def is_amid() -> bool:
        return len(hosts.office.letters) > TOWN.readers / 4

    await hosts.until(is_amid)
    await hosts.deliverers[0].kill()

    async def is_settled() -> bool:
        return not await hosts.ask("SELECT 1 FROM digests WHERE state IN ('planned', 'sending') LIMIT 1")

    await hosts.until(is_settled)
    leads = await hosts.ask("SELECT chat_id, count(*) FROM digests WHERE lead_id IS NULL GROUP BY chat_id")
    assert sorted(count for _, count in leads) == [1] * TOWN.readers, "one digest each"
    sent = "SELECT chat_id, count(*) FROM digests WHERE state = 'sent' GROUP BY chat_id"
    messages = dict(await hosts.ask(sent))
    assert sum(messages.values()) == (await hosts.ask("SELECT count(*) FROM digests"))[0][0]
    came = Counter(letter.chat_id for letter in hosts.office.letters)
    assert came.keys() == messages.keys()
    twice = {chat_id: came[chat_id] - count for chat_id, count in messages.items() if came[chat_id] != count}
    assert set(twice.values()) <= {1}
    assert len(twice) <= PLACES

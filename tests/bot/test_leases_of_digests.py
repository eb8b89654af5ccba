"""Leases of digests: nobody sends what another has by now, however long it slept and whatever clocks show."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

import asyncpg
import pytest
from postgres import Server
from sqlalchemy import func, select

from benchmarks.postoffice import Late, PostOffice, Trouble, opened, server_error
from bot.chat.application import TelegramAccess, build_application
from bot.clock import elapsed, utc_now
from bot.delivering.delivery import SETTLE_SECONDS, Deliverer
from bot.delivering.in_hand import LEASE, InHand, LeaseLostError
from bot.delivering.settling import Settler
from bot.delivering.verdicts import dropped
from bot.pacing.limits import NO_LIMITS
from bot.telling.strides import Strides
from recommender.values import Paper, Pick, Slot
from storage import ledger, papers, readers
from storage.database import Database
from storage.ledger import Digest, Kind, State
from storage.tables import DIGESTS

TOKEN = "4242424242:a-token-that-opens-a-post-office"
PROGRAM = Path(__file__).parents[1] / "delivering_process.py"
CHATS = range(1, 41)
SHORT = timedelta(seconds=1)


@dataclass
class Doorman:
    """Lets letters in, or not; and says when one has come to the door."""

    trouble: Callable[[], Trouble | None] = lambda: None
    came: list[int] = field(default_factory=list)

    def __call__(self, method: str, parameters: dict[str, str]) -> Trouble | None:
        if method != "sendmessage":
            return None
        self.came.append(int(parameters["chat_id"]))
        return self.trouble()

    async def until_somebody_came(self) -> None:
        async with asyncio.timeout(60):
            while not self.came:  # noqa: ASYNC110 - it is looked at from outside
                await asyncio.sleep(0.002)


@dataclass
class World:
    """A database that hosts share, and a Telegram that counts."""

    url: str
    database: Database
    api_url: str
    office: PostOffice
    doorman: Doorman

    async def plan(self, *chat_ids: int) -> None:
        async with self.database.writing() as session:
            for chat_id in chat_ids:
                await readers.subscribe(session, chat_id, "private", utc_now())
                picks = [Pick(1, 0.5, Slot.TRENDING)]
                await ledger.plan(session, chat_id, Kind.ASKED, picks, utc_now() - timedelta(hours=1))

    async def count(self, state: State) -> int:
        async with self.database.reading() as session:
            counted = select(func.count()).select_from(DIGESTS).where(DIGESTS.c.state == state)
            return (await session.execute(counted)).scalar_one()

    async def until_sent(self, number: int) -> None:
        async with asyncio.timeout(60):
            while await self.count(State.SENT) < number:  # noqa: ASYNC110 - it is looked at from outside
                await asyncio.sleep(0.05)

    def letters(self) -> Counter[int]:
        """Count what each chat got."""
        return Counter(letter.chat_id for letter in self.office.letters)

    @asynccontextmanager
    async def host(
        self,
        clock: Callable[[], datetime] = utc_now,
        seconds: Callable[[], float] = elapsed,
        claims: type[InHand] = InHand,
        patience: float = SETTLE_SECONDS,
    ) -> AsyncIterator[Deliverer]:
        """Deliver from one host more, by its own clock."""
        database = Database(self.url)
        application = build_application(TelegramAccess(TOKEN, self.api_url, NO_LIMITS))
        in_hand = claims(database, clock, LEASE, seconds)
        late = timedelta(hours=12)
        await application.initialize()
        yield Deliverer(
            database, application.bot, clock, late, lambda: 0.0, in_hand=in_hand, patience=patience
        )
        await application.shutdown()
        await database.close()

    @asynccontextmanager
    async def process(self, api_url: str) -> AsyncIterator[int]:
        """Deliver from a process of its own, with short leases; give its number."""
        told = [str(PROGRAM), self.url, api_url, str(SHORT.total_seconds())]
        process = await asyncio.create_subprocess_exec(sys.executable, *told, stderr=asyncio.subprocess.PIPE)
        try:
            yield process.pid
        finally:
            process.kill()
            _, words = await process.communicate()
        assert b"Traceback" not in words, words.decode()


@pytest.fixture
async def world(empty_postgres_url: str) -> AsyncIterator[World]:
    doorman = Doorman()
    office = PostOffice(doorman)
    database = Database(empty_postgres_url)
    async with opened(office) as api_url:
        async with database.writing() as session:
            await papers.upsert(session, [Paper(title="Kites")], utc_now())
        yield World(empty_postgres_url, database, api_url, office, doorman)
        await database.close()


async def test_who_was_stopped_for_longer_than_its_lease_sends_nothing_that_another_sent(
    world: World,
) -> None:
    """What was on its way at that moment never arrived here: nobody can know of that whether it did."""
    await world.plan(1, 2, 3)
    ward = Doorman(server_error)
    office = PostOffice(ward)
    async with opened(office) as api_url, world.process(api_url) as sleeper, world.host() as awake:
        await ward.until_somebody_came()
        os.kill(sleeper, signal.SIGSTOP)
        assert await world.count(State.SENDING) == 3
        async with asyncio.timeout(60):
            while await world.count(State.SENT) < 3:
                await awake.deliver_due()
                await asyncio.sleep(0.1)
        ward.trouble = lambda: None
        await world.plan(4)
        os.kill(sleeper, signal.SIGCONT)
        await world.until_sent(4)
    assert world.letters() == {1: 1, 2: 1, 3: 1}
    assert [letter.chat_id for letter in office.letters] == [4]


async def test_who_slept_while_nobody_else_delivered_sends_what_it_had_in_hand(world: World) -> None:
    """It finds its lease run out right before the message leaves, and renews it."""
    await world.plan(5)
    seconds = chain([0.0, LEASE.total_seconds()], repeat(LEASE.total_seconds()))
    async with world.host(seconds=lambda: next(seconds)) as host:
        await host.deliver_due()
    assert world.letters() == {5: 1}
    assert await world.count(State.SENT) == 1


async def test_while_nobody_can_tell_whose_a_digest_is_it_may_not_leave(
    world: World, postgres: Server
) -> None:
    """Nobody needs to be asked but in the second half of a lease: one that leaves then may outlast it."""
    await world.plan(5)
    seconds = 0.0
    in_hand = InHand(world.database, utc_now, LEASE, lambda: seconds)
    (digest,) = await in_hand.claim(1)
    postgres.take_away(world.url)
    try:
        seconds = (LEASE * 0.49).total_seconds()
        await in_hand.assure(digest)
        seconds = (LEASE * 0.51).total_seconds()
        with pytest.raises(LeaseLostError):
            await in_hand.assure(digest)
    finally:
        postgres.bring_back(world.url)


async def test_what_waited_long_for_its_turn_leaves_with_a_lease_anew(world: World) -> None:
    """Where answers alone are sent, nobody renews it while it is under way."""
    await world.plan(5)
    seconds = 0.0
    in_hand = InHand(world.database, utc_now, LEASE, lambda: seconds)
    (digest,) = await in_hand.claim(1)
    assert digest.held_until
    seconds = (LEASE * 0.51).total_seconds()
    await in_hand.assure(digest)
    async with world.database.reading() as session:
        left = await ledger.get(session, 5, digest.id)
    assert left
    assert left.held_until
    assert left.held_until > digest.held_until


async def test_where_what_was_claimed_cannot_be_read_the_look_for_what_is_due_goes_on(
    world: World, postgres: Server
) -> None:
    """It waits for no database to be back; what was claimed is sent when it is."""
    outages = iter([postgres.take_away])

    class Unlucky(InHand):
        async def claim(self, limit: int, digest_id: int | None = None) -> list[Digest]:
            claimed = await super().claim(limit, digest_id)
            for begin in outages:
                begin(world.url)
            return claimed

    await world.plan(5)
    async with world.host(claims=Unlucky, patience=0.1) as host:
        try:
            async with asyncio.timeout(60):
                await host.deliver_due()
        finally:
            postgres.bring_back(world.url)
        async with asyncio.timeout(60):
            while not world.letters():
                await host.deliver_due()
                await asyncio.sleep(0.05)
    assert world.letters() == {5: 1}


async def test_a_database_that_never_says_whether_it_wrote_what_became_of_a_digest_is_a_hang(
    world: World,
) -> None:
    await world.plan(5)
    in_hand, strides = InHand(world.database, utc_now), Strides()
    (digest,) = await in_hand.claim(1)
    settler = Settler(world.database, utc_now, in_hand, strides)
    other = await asyncpg.connect(world.url)
    async with asyncio.timeout(60), other.transaction():
        await other.execute("LOCK TABLE digests")
        settling = asyncio.create_task(settler.settle(dropped(digest, "late")))
        while not strides.still:  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.01)
    await other.close()
    await settling
    assert not strides.still


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), -timedelta(minutes=10)])
async def test_hosts_whose_clocks_are_minutes_apart_send_each_digest_once(
    world: World, ahead: timedelta
) -> None:
    """What the one has in hand the other leaves alone, though its lease would be over by its own clock."""
    await world.plan(*CHATS)
    world.doorman.trouble = lambda: Late(0.5)
    async with world.host() as right, world.host(lambda: utc_now() + ahead) as wrong:
        for first, second in ((right, wrong), (wrong, right)):
            round_ = asyncio.create_task(first.deliver_due())
            await world.doorman.until_somebody_came()
            await second.deliver_due()
            await round_
            world.doorman.came.clear()
            await world.plan(*CHATS)
        await wrong.deliver_due()
    assert world.letters() == dict.fromkeys(CHATS, 3)

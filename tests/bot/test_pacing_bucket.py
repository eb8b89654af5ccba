"""The bucket in a real database: two limiters, or several processes, that know of each other by it alone."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from telegram.error import RetryAfter, TelegramError

from bot.clock import utc_now
from bot.pacing.bucket import BucketError, DatabaseBucket
from bot.pacing.held_turn import HeldTurn
from bot.pacing.limiter import Limiter
from bot.pacing.limits import Limits, Urgency
from storage.database import Database

PROCESS = Path(__file__).parents[1] / "paced_process.py"
NEARLY_A_SECOND = 0.9  # a busy machine tells two clocks apart less well
MESSAGES = 25


@dataclass
class Sender:
    """One limiter on a database of its own opening, and a Telegram behind it."""

    limiter: Limiter
    left: list[float] = field(default_factory=list)

    async def send(
        self, chat: int, urgency: Urgency = Urgency.PUSH, refusal: TelegramError | None = None
    ) -> None:
        async def leave() -> bool:
            self.left.append(time.monotonic())
            if refusal:
                raise refusal
            return True

        await self.limiter.process_request(leave, (), {}, "sendMessage", {"chat_id": chat}, urgency)


@asynccontextmanager
async def sender_on(url: str) -> AsyncIterator[Sender]:
    database = Database(url)
    sender = Sender(Limiter(Limits(), bucket=DatabaseBucket(database, utc_now)))
    try:
        yield sender
    finally:
        await sender.limiter.shutdown()
        await database.close()


@pytest.fixture
async def pair(empty_postgres_url: str) -> AsyncIterator[tuple[Sender, Sender]]:
    """Have two that share a database, each with connections of its own."""
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(sender_on(empty_postgres_url)),
            await stack.enter_async_context(sender_on(empty_postgres_url)),
        )


async def test_two_limiters_share_one_pace(pair: tuple[Sender, Sender]) -> None:
    """Each alone would send its thirty in a second: together no 31 leave in one."""
    chats = range(1, MESSAGES + 1)
    await asyncio.gather(*(sender.send(chat) for sender in pair for chat in chats))
    check_pace([*pair[0].left, *pair[1].left], 2 * MESSAGES)


async def test_processes_share_one_pace(empty_postgres_url: str) -> None:
    """The same of three processes."""
    command = (sys.executable, str(PROCESS), empty_postgres_url)
    processes = [
        await asyncio.create_subprocess_exec(*command, str(1 + 1000 * number), str(MESSAGES), stdout=PIPE)
        for number in range(3)
    ]
    told = await asyncio.gather(*(process.communicate() for process in processes))
    check_pace([float(line) for output, _ in told for line in output.split()], 3 * MESSAGES)


async def test_a_silence_is_heard_of_by_the_other(pair: tuple[Sender, Sender]) -> None:
    """Two chats flood one limiter; the other's next push is sent away with what is left of that."""
    for chat in (1, 2):
        with pytest.raises(RetryAfter):
            await pair[0].send(chat, refusal=RetryAfter(300))
    while not pair[1].limiter.pause:
        try:
            await pair[1].send(3)
        except RetryAfter:
            break
        await asyncio.sleep(1.1)  # the word was on its way; the chat is not written to sooner
    assert timedelta(seconds=240) < pair[1].limiter.pause <= timedelta(seconds=300)


async def test_on_sqlite_the_bucket_holds_too(database: Database) -> None:
    """One process alone needs none, and can have one."""
    sender = Sender(Limiter(Limits(), bucket=DatabaseBucket(database, utc_now)))
    await asyncio.gather(*(sender.send(chat) for chat in range(1, 41)))
    await sender.limiter.shutdown()
    check_pace(sender.left, 40)


async def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    """Whoever asks learns after its patience that there is no answer."""
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(BucketError, match="does not answer in time"),
    ):
        await ask(silent, timedelta(seconds=0.05))


async def test_a_server_that_is_not_there_is_told_in_words() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        with pytest.raises(BucketError, match="cannot be reached"):
            await ask(deaf, timedelta(seconds=30))


async def ask(server: socket.socket, patience: timedelta) -> None:
    database = Database(f"postgresql://paperboy@127.0.0.1:{server.getsockname()[1]}/paperboy")
    try:
        await DatabaseBucket(database, utc_now, patience).draw(HeldTurn(30).pace, None)
    finally:
        await database.close()


def check_pace(left: list[float], messages: int) -> None:
    """Check that all have left, and that no 31 did within a second."""
    left.sort()
    assert len(left) == messages
    assert all(later - earlier > NEARLY_A_SECOND for earlier, later in zip(left, left[30:], strict=False))

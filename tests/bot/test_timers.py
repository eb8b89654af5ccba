"""Timers: a round that fails or is stopped takes no other with it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.process.timers import Timers
from storage.errors import StorageError

SOON = timedelta(milliseconds=20)


class Database:
    """Refuses to be used, until told otherwise."""

    def __init__(self) -> None:
        self.is_full = True
        self.asked = 0
        self._changed = asyncio.Event()

    async def use(self) -> None:
        self.asked += 1
        self._changed.set()
        if self.is_full:
            raise StorageError("The disk is full.")

    async def wait_until_asked(self, times: int) -> None:
        async with asyncio.timeout(5):
            while self.asked < times:
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture
def database() -> Database:
    return Database()


async def test_what_the_database_refuses_is_tried_again_and_told_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """However long it lasts: one line in words, without a traceback, and one when it is over."""
    timers = Timers()
    timers.repeat("delivering", database.use, SOON)
    timers.start()
    await database.wait_until_asked(3)
    database.is_full = False
    await database.wait_until_asked(database.asked + 2)
    await timers.stop()
    told = [record.getMessage() for record in caplog.records if record.name == "bot.process.attempts"]
    assert told == ["delivering has to wait: The disk is full.", "delivering goes on"]
    assert not any(record.exc_info for record in caplog.records)


async def test_a_bug_in_one_round_ends_no_timer(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with all that is known of it, its own next turn comes, and so do those of others."""
    database.is_full = False
    failed: list[str] = []

    async def fail() -> None:
        await database.use()
        failed.append("once more")
        raise KeyError("a bug")

    timers = Timers()
    timers.repeat("failing", fail, SOON, at_once=True)
    timers.repeat("using", database.use, SOON)
    timers.start()
    await database.wait_until_asked(6)
    await timers.stop()
    assert len(failed) > 1
    assert any(record.exc_info for record in caplog.records)


async def test_a_timer_has_one_round_at_a_time(database: Database) -> None:
    """One that takes longer than the pause between two misses turns."""
    database.is_full = False
    under_way: list[int] = []
    met: list[int] = []

    async def work() -> None:
        met.extend(under_way)
        under_way.append(1)
        await asyncio.sleep(3 * SOON.total_seconds())
        under_way.pop()
        await database.use()

    timers = Timers()
    timers.repeat("reading", work, SOON, at_once=True)
    timers.start()
    await database.wait_until_asked(3)
    await timers.stop()
    assert met == []


def test_a_clock_that_is_set_right_silences_no_timer() -> None:
    """As on a small computer that starts in the wrong year and then asks what time it is."""
    lived = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _LIFE_WITH_A_CLOCK_AHEAD],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert int(lived.stdout) > 1


# The clock is Python's own, put in place before anybody has imported it.
_LIFE_WITH_A_CLOCK_AHEAD = """
import datetime

right = datetime.datetime
ahead = [datetime.timedelta(days=365)]


class Clock(right):
    @classmethod
    def now(cls, tz=None):
        return right.now(tz) + ahead[0]


datetime.datetime = Clock

import asyncio
from bot.process.timers import Timers


async def live():
    turns = []

    async def turn():
        turns.append(1)

    timers = Timers(glance=datetime.timedelta(milliseconds=10))
    timers.repeat("delivering", turn, datetime.timedelta(milliseconds=100))
    timers.start()
    while not turns:
        await asyncio.sleep(0.01)
    ahead[0] = datetime.timedelta()
    await asyncio.sleep(0.2)
    before = len(turns)
    await asyncio.sleep(0.6)
    await timers.stop()
    print(len(turns) - before)


asyncio.run(live())
"""


@pytest.mark.parametrize("stubborn", [False, True])
async def test_a_stop_ends_what_is_under_way_without_a_word(
    stubborn: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Wherever it is; one that clears up after itself is waited for."""
    begun, cleared = asyncio.Event(), asyncio.Event()
    timers = Timers()
    timers.call("reading", never_ending(begun, cleared, pause=0.05 if stubborn else 0))
    timers.start()
    await begun.wait()
    await asyncio.wait_for(timers.stop(), timeout=5)
    assert cleared.is_set()
    assert caplog.records == []


def never_ending(begun: asyncio.Event, cleared: asyncio.Event, pause: float) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(pause)
            cleared.set()

    return work

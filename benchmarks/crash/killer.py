"""When the bot is killed: in the middle of what, by which dice; and what was in flight each time."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum

from benchmarks.child import Child
from benchmarks.crash.books import read_in_flight
from benchmarks.crash.crowd import Crowd
from benchmarks.postoffice import Cut

_START_SECONDS = 0.05, 0.7  # from when its process is there to about when it is ready
_PLAN_SECONDS = 0.8
_ANY_SECONDS = 2.0
_HANDLING_SECONDS = 0.05
_SETTLE_SECONDS = 0.05  # in which the post office reads what the bot wrote before it died


class Way(StrEnum):
    """What the bot is at when it is killed."""

    STARTING = "starting"
    PLANNING = "planning"
    SENDING = "sending a digest"
    ANSWERING = "answering a press"
    HANDLING = "handling presses"
    ANYTHING = "anything"


_OFTEN = {
    Way.STARTING: 10,
    Way.PLANNING: 15,
    Way.SENDING: 40,
    Way.ANSWERING: 10,
    Way.HANDLING: 15,
    Way.ANYTHING: 10,
}


class Killer:
    """Kills the bot as often as it is told, and starts it again.

    Attributes:
        is_up: Whether the bot runs and has not been killed.
        has_time_moved: Set for a moment when digests fall due.
        in_flight: Of each kill, the digests that were being sent, each with its chat.
        ways: How often it was killed at what.
    """

    def __init__(self, child: Child, crowd: Crowd, dice: random.Random, most_letters: int) -> None:
        self._child = child
        self._crowd = crowd
        self._dice = dice
        self._most_letters = most_letters
        self._method = ""
        self._requests_left = 0
        self._killed = asyncio.Event()
        self.is_up = False
        self.has_time_moved = asyncio.Event()
        self.in_flight: list[list[tuple[int, int]]] = []
        self.ways: Counter[Way] = Counter()

    def trouble(self, method: str) -> Cut | None:
        """Kill the bot in the middle of the request that it was to be killed at."""
        if method != self._method:
            return None
        self._requests_left -= 1
        if self._requests_left > 0:
            return None
        self._method = ""
        self._kill()
        self._killed.set()
        return Cut(carried_out=self._dice.random() < 1 / 2)

    async def kill_often(self, times: int, report: Callable[[], None]) -> None:
        """Kill the bot so many times, and leave it running."""
        for _ in range(times):
            way = self._dice.choices(list(_OFTEN), list(_OFTEN.values()))[0]
            self.ways[way] += 1
            await self._live_until(way)
            self._kill()
            await self._bury()
            report()
        await self._start()

    async def kill_first_start(self, times: int) -> None:
        """Kill it so many times while it starts on no database at all, and makes one."""
        for _ in range(times):
            self.ways[Way.STARTING] += 1
            await self._live_until(Way.STARTING)
            self._kill()
            await self._child.wait()
            self.in_flight.append([])

    async def _live_until(self, way: Way) -> None:
        """Start the bot, and wait for the moment to kill it."""
        if way is Way.STARTING:
            starting = asyncio.create_task(self._child.start())
            await asyncio.sleep(self._dice.uniform(*_START_SECONDS))
            self._kill()
            with suppress(RuntimeError):  # it did not start, as was to be
                await starting
            return
        await self._start()
        match way:
            case Way.PLANNING:
                await self.has_time_moved.wait()
                await asyncio.sleep(self._dice.uniform(0, _PLAN_SECONDS))
            case Way.SENDING:
                await self._await_request("sendmessage", self._most_letters)
            case Way.ANSWERING:
                method = self._dice.choice(("answercallbackquery", "editmessagereplymarkup"))
                await self._await_request(method, 20)
            case Way.HANDLING:
                self._crowd.press(self._dice.randint(1, 5))
                await asyncio.sleep(self._dice.uniform(0, _HANDLING_SECONDS))
            case Way.ANYTHING:
                await asyncio.sleep(self._dice.uniform(0, _ANY_SECONDS))

    async def _await_request(self, method: str, most: int) -> None:
        self._killed.clear()
        self._method, self._requests_left = method, self._dice.randint(1, most)
        await self._killed.wait()

    async def _start(self) -> None:
        await self._child.start()
        self.is_up = True

    def _kill(self) -> None:
        self.is_up = False
        self._child.send(signal.SIGKILL)

    async def _bury(self) -> None:
        """Note what was in flight; meanwhile people press what has just come."""
        await self._child.wait()
        await asyncio.sleep(_SETTLE_SECONDS)
        self.in_flight.append(read_in_flight(self._child.upbringing.database))
        self._crowd.press_last(self._dice.randint(1, 3))

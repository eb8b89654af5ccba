"""The whole of it: a town is made, days go by, and the bot is killed meanwhile."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.child import Child, SharedClock, Upbringing, nursery_open
from benchmarks.crash.books import is_handled, is_settled, read_books
from benchmarks.crash.crowd import Crowd
from benchmarks.crash.killer import Killer, Way
from benchmarks.crash.town import FIRST, Town
from benchmarks.crash.verdict import Verdict, judge
from benchmarks.postoffice import Cut, PostOffice, Refused, opened
from storage.database import Database

STRIDES_A_DAY = 8
_STRIDE = timedelta(days=1) / STRIDES_A_DAY
_PACE = 60.0  # seconds of the town's in one of ours, while it waits for the bot: back-offs and leases end
_LOOK_SECONDS = 0.05
_PATIENCE_SECONDS = 300.0
_PRESSES_A_SECOND = 15.0
_FIRST_STARTS = 0.05  # the share of kills that fall on a bot without a database


class StuckError(Exception):
    """What was due was not settled, however long one waited, or the bot ended of itself."""


@dataclass(frozen=True, slots=True)
class Orders:
    """How often the bot is killed, how many readers it has, and by which dice."""

    kills: int
    readers: int
    seed: int


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is told at the end."""

    verdict: Verdict
    kills: int
    ways: dict[Way, int]
    in_flight: int
    votes: int
    unanswered: int
    letters: int
    days: float
    seconds: float
    words: tuple[str, ...]


async def undergo(folder: Path, orders: Orders) -> Aftermath:
    """Go through it all in an empty folder.

    Raises:
        StuckError: It came to no end.
    """
    begun = time.perf_counter()
    async with _prepared(folder, orders) as ordeal:
        await ordeal.go_through(orders.kills)
        return ordeal.conclude(time.perf_counter() - begun)


@asynccontextmanager
async def _prepared(folder: Path, orders: Orders) -> AsyncIterator[_Ordeal]:
    dice = random.Random(orders.seed)  # noqa: S311 - a run is to be repeated
    town, clock = Town(orders.readers, dice), SharedClock.begin(folder / "clock", FIRST)
    (folder / "dumps").mkdir()
    town.publish(folder / "dumps", FIRST.date())
    office = PostOffice()
    async with opened(office) as url, nursery_open() as nursery:
        upbringing = Upbringing(url, folder, clock, is_paced=False, settings={"PICK_PERCENTILE": "0"})
        child = Child(upbringing, nursery.bear)
        crowd = Crowd(office, town, dice)
        killer = Killer(child, crowd, dice, most_letters=max(5, orders.readers // 10))
        ordeal = _Ordeal(town, office, clock, child, crowd, killer)
        office.trouble = ordeal.trouble
        try:
            yield ordeal
        finally:
            if child.is_alive:
                await child.kill()


@dataclass(frozen=True, slots=True)
class _Ordeal:
    town: Town
    office: PostOffice
    clock: SharedClock
    child: Child
    crowd: Crowd
    killer: Killer

    def trouble(self, method: str, parameters: dict[str, str]) -> Refused | Cut | None:
        """Let those who block the bot refuse, and the killer strike."""
        refusal = None
        if method == "sendmessage":
            refusal = self.town.refusal(int(parameters["chat_id"]), self.clock())
        return refusal or self.killer.trouble(method)

    async def go_through(self, kills: int) -> None:
        """Kill a bot without a database, then one with the town's, for as many days as it takes."""
        first = max(1, round(kills * _FIRST_STARTS))
        await self.killer.kill_first_start(first)
        await self._move_in()
        killing = asyncio.create_task(self.killer.kill_often(kills - first, self._report))
        pressing = asyncio.create_task(self.crowd.press_on(_PRESSES_A_SECOND))
        try:
            while not killing.done():
                await self._let_a_day_go_by(killing)
            await killing
        finally:
            for task in (killing, pressing):
                task.cancel()
            await asyncio.gather(killing, pressing, return_exceptions=True)
        await self._wait_for(self._is_handled)
        await self._wait_for(self._is_settled)
        if code := await self.child.stop():
            raise StuckError(f"the bot ended with {code}:\n{''.join(self.child.words[-20:])}")

    def conclude(self, seconds: float) -> Aftermath:
        """Judge what the stopped bot left behind."""
        books = read_books(self.child.upbringing.database)
        killer, crowd = self.killer, self.crowd
        return Aftermath(
            verdict=judge(books, self.town, crowd, self.office.letters, killer.in_flight, self.clock()),
            kills=len(killer.in_flight),
            ways=dict(killer.ways),
            in_flight=sum(map(len, killer.in_flight)),
            votes=len(crowd.pressed),
            unanswered=crowd.count_unanswered(),
            letters=len(self.office.letters),
            days=(self.clock() - FIRST) / timedelta(days=1),
            seconds=seconds,
            words=tuple(self.child.words),
        )

    async def _move_in(self) -> None:
        """Open what the killed starts left of a database, and put the town into it."""
        database = Database(f"sqlite:///{self.child.upbringing.database}")
        await database.open()
        try:
            await self.town.settle(database)
        finally:
            await database.close()

    async def _let_a_day_go_by(self, killing: asyncio.Task[None]) -> None:
        self.town.publish(self.child.upbringing.folder / "dumps", self.clock().date())
        for _ in range(STRIDES_A_DAY):
            self._move_time(_STRIDE)
            await self._wait_for(self._is_settled, killing)

    def _move_time(self, span: timedelta) -> None:
        self.clock.set(self.clock() + span)
        self.killer.has_time_moved.set()
        self.killer.has_time_moved.clear()

    async def _wait_for(
        self, is_done: Callable[[Path], bool], killing: asyncio.Task[None] | None = None
    ) -> None:
        """Wait until the bot has done something, while the time goes by."""
        begun = time.monotonic()
        while not (self._is_up() and is_done(self.child.upbringing.database)):
            if killing and killing.done():
                killing.result()
            if time.monotonic() - begun > _PATIENCE_SECONDS:
                raise StuckError(f"{is_done.__doc__} This is not so after {_PATIENCE_SECONDS:.0f} s.")
            await asyncio.sleep(_LOOK_SECONDS)
            self.clock.advance(seconds=_PACE * _LOOK_SECONDS)

    def _is_up(self) -> bool:
        if self.killer.is_up and not self.child.is_alive:
            raise StuckError("the bot ended of itself:\n" + "".join(self.child.words[-20:]))
        return self.killer.is_up

    def _is_settled(self, database: Path) -> bool:
        """All that is due is planned and sent, or given up."""
        return is_settled(database, self.clock())

    def _is_handled(self, database: Path) -> bool:
        """All updates are confirmed and handled."""
        return not self.office.waiting and is_handled(database)

    def _report(self) -> None:
        done = f"{len(self.killer.in_flight)} kills, {(self.clock() - FIRST) / timedelta(days=1):.1f} days"
        seen = f"{len(self.office.letters)} letters, {len(self.crowd.pressed)} presses"
        print(f"{done}, {seen}", file=sys.stderr)

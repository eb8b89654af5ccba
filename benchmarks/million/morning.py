"""The morning: everybody falls due in the same minute, and the ledger holds a digest for each."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from benchmarks.child import Child
from benchmarks.million.crew import Workplace, crew
from benchmarks.million.server import Server
from benchmarks.million.town import DUE
from benchmarks.report import Figure
from bot.roles import Role

PLANNERS = 2
WHOLE = 1_000_000  # readers, of whom the target speaks
STEPS = ("read", "score", "select", "write")
_LOOK_SECONDS = 0.5
_PATIENCE = 3_600.0


@dataclass(frozen=True, slots=True)
class Morning:
    """What was measured from due to planned.

    Attributes:
        start: Seconds by the clock in which planners that were begun anew took in all papers, side by side.
        seconds: By the clock, from the minute in which all were due until nobody was any more.
        server: Processor seconds of PostgreSQL.
        planners: Processor seconds of all processes that plan.
        peaks: The most memory of each process, in MB.
        ledger: What the ledger takes on disk, in bytes, with its indexes.
        steps: Seconds by the clock that the planners spent on each step, summed over them.
    """

    readers: int
    start: float
    seconds: float
    server: float
    planners: float
    peaks: Sequence[float]
    ledger: int
    steps: Mapping[str, float]

    def figures(self) -> Iterator[Figure]:
        """Put it into figures."""
        crowd, whole = f", {self.readers:,} readers", self.readers >= WHOLE
        yield Figure(f"planners begun anew until they are ready{crowd}", self.start, "s")
        yield Figure(f"from due to planned{crowd}", self.seconds, "s", "at most 300" if whole else "")
        yield Figure(f"a reader{crowd}", 1e6 * self.seconds / self.readers, "us")
        for step in STEPS:
            yield Figure(f"of it to {step}, all planners{crowd}", self.steps[step], "s")
        yield Figure(f"processor time of PostgreSQL{crowd}", self.server, "s")
        yield Figure(f"processor time of the planners{crowd}", self.planners, "s")
        yield Figure(f"most memory of a planner{crowd}", max(self.peaks), "MB", "under 4,000")
        yield Figure(f"of disk for a digest{crowd}", self.ledger / self.readers, "bytes")


async def live_through(server: Server, place: Workplace, readers: int) -> Morning:
    """Let everybody fall due, and wait until all are planned for."""
    async with server.connected() as connection, crew(place, [Role.POLL, *[Role.PLAN] * PLANNERS]) as hands:
        planners, begun = hands[1:], time.monotonic()
        await _wait_until_ready(planners)
        start = time.monotonic() - begun
        worked, spent = server.cpu_seconds(), sum(child.cpu_seconds() for child in planners)
        begun = time.monotonic()
        place.clock.set(DUE)
        await _wait_until_planned(connection, planners)
        seconds = time.monotonic() - begun
        assert await connection.fetchval(_COUNT, DUE.date()) == readers, "somebody was left without a digest"
        return Morning(
            readers,
            start,
            seconds,
            server.cpu_seconds() - worked,
            sum(child.cpu_seconds() for child in planners) - spent,
            [child.peak_mb() for child in hands],
            await connection.fetchval(_LEDGER),
            _read_steps(planners),
        )


async def _wait_until_ready(planners: Sequence[Child]) -> None:
    """Wait until planners have done what can be done ahead, as they have on any day but their first."""
    ends = time.monotonic() + _PATIENCE
    while not all(any(_READY in line for line in child.words) for child in planners):
        assert time.monotonic() < ends, "the planners are not ready"
        await asyncio.sleep(_LOOK_SECONDS)


async def _wait_until_planned(connection: asyncpg.Connection, planners: Sequence[Child]) -> None:
    ends = time.monotonic() + _PATIENCE
    while await connection.fetchval(_IS_DUE, DUE):
        assert time.monotonic() < ends, "the morning does not end"
        assert all(child.is_alive for child in planners), "a planner ended"
        await asyncio.sleep(_LOOK_SECONDS)


def _read_steps(planners: Sequence[Child]) -> dict[str, float]:
    """Sum what the log says of each step of each job."""
    steps = dict.fromkeys(STEPS, 0.0)
    for line in (line for child in planners for line in child.words):
        for step, seconds in _STEP.findall(line):
            steps[step] += float(seconds)
    return steps


_READY = "ready to plan"
_STEP = re.compile(rf"\b({'|'.join(STEPS)})[ =](\d+\.\d+)")
_LEDGER = "SELECT pg_total_relation_size('digests') + pg_total_relation_size('picks')"
_IS_DUE = "SELECT 1 FROM readers WHERE state = 'active' AND next_due_at <= $1 LIMIT 1"
_COUNT = "SELECT count(DISTINCT chat_id) FROM digests WHERE local_day = $1 AND state = 'planned'"

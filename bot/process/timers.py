"""Timers: what is called how often. They are dumb, for what is due stands in the database.

A timer has one round at a time. There is one of these for all processes of a bot (`bot.process.leading`).
APScheduler goes by the clock on the wall: where that is set back, all would wait for a time that has been, so
all are called at once then.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.process.attempts import Attempts, Round
from bot.process.stopping import end

GLANCE = timedelta(seconds=5)
SLACK_SECONDS = 1.0  # clocks are trimmed by less all the time


class Timers:
    """Calls rounds until it is stopped; ``glance`` is how often it looks whether the clock was set back."""

    def __init__(self, glance: timedelta = GLANCE) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._glance = glance
        self._watch: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._attempts = Attempts()

    def call(self, name: str, round_: Round) -> None:
        """Call once, now. ``name`` stands in the log, as in "polling"."""
        self._scheduler.add_job(self._take_turn, args=(name, round_), next_run_time=datetime.now(UTC))

    def repeat(self, name: str, round_: Round, every: timedelta, *, at_once: bool = False) -> None:
        """Call every so often, for the first time when that has passed, or ``at_once``."""
        self._scheduler.add_job(
            self._take_turn,
            "interval",
            args=(name, round_),
            seconds=every.total_seconds(),
            next_run_time=datetime.now(UTC) + (timedelta() if at_once else every),
        )

    def start(self) -> None:
        """Begin to call."""
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watch_clock())

    async def stop(self) -> None:
        """Call nothing more, and end the rounds that are under way, wherever they are."""
        self._scheduler.pause()
        await end({*self._under_way, *([self._watch] if self._watch else [])})
        self._scheduler.shutdown(wait=False)

    async def _watch_clock(self) -> None:
        """Have everything due where the clock was set back, by whatever much."""
        lead = _lead()
        while True:
            await asyncio.sleep(self._glance.total_seconds())
            before, lead = lead, _lead()
            if lead < before - SLACK_SECONDS:
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))

    async def _take_turn(self, name: str, round_: Round) -> None:
        turn = asyncio.ensure_future(self._attempts.make(name, round_))
        self._under_way.add(turn)
        turn.add_done_callback(self._under_way.discard)
        await asyncio.wait({turn})
        if not turn.cancelled():  # else what it had not done is due at the next start
            turn.result()


def _lead() -> float:
    """Tell how far the clock is ahead of one that nobody sets."""
    return datetime.now(UTC).timestamp() - time.monotonic()

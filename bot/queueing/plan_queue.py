"""Planning, handed out in jobs: a range of chats each, worked off by however many processes on any hosts.

What a job is to do is decided when it runs: it plans for whoever is due in its range by then. So a job that
runs twice, or beside another one of its range, costs work and nothing else, and one that is lost is cut anew.
Who is due, and how they are planned for, the planner knows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.types import JSONDict

from bot.queueing.ranges import MOST_IN_A_JOB, Ids, Range, cut
from bot.queueing.schema import address_of, furnish, in_words
from bot.telling.strides import Strides
from storage.errors import StorageError

log = logging.getLogger(__name__)

QUEUE = "planning"
TASK = "plan"
SILENCE = timedelta(seconds=15)  # of a worker that is taken for dead, so that what it had is another's
BEATS = 5  # of a worker's heart in that time
LOOKS = 3  # in that time, for what such a worker left, and for jobs that no notice came of
GRACE = 6.0  # seconds for what is in hand at a stop; the rest of it is another's
PAUSE = 5.0  # seconds before a database that failed is tried again
MOST_TRIES = 3  # of a job; who is due after that is handed out with the next round
CONNECTIONS = 3  # for what is fetched, the heartbeat and the look; one more listens


class Plans(Protocol):
    """Who is due, and how they are planned for."""

    async def due_ids(self, now: datetime) -> Ids:
        """Name the chats that are due, ascending."""

    async def plan_range(self, first: int, last: int, now: datetime) -> object:
        """Plan for whoever is due from one chat to another; what is done already stays as it is."""


class PlanQueue:
    """Hands out, and works off, the planning of one bot.

    Args:
        url: The bot's database, which must be PostgreSQL.
        plans: What jobs are about.
        clock: Tells a job what is due when it runs.
        silence: How long a worker may be silent before another one takes over what it had.
        most: How many readers there are in a job.

    Attributes:
        strides: Of the look for what others left behind, which every process that works off jobs keeps doing.
    """

    def __init__(
        self,
        url: str,
        plans: Plans,
        clock: Callable[[], datetime],
        *,
        silence: timedelta = SILENCE,
        most: int = MOST_IN_A_JOB,
    ) -> None:
        self._url = url
        self._plans = plans
        self._clock = clock
        self._silence = silence.total_seconds()
        self._most = most
        self.strides = Strides()
        self._address = address_of(url)
        connector = PsycopgConnector(
            conninfo=self._address, min_size=1, max_size=CONNECTIONS, kwargs={"connect_timeout": 10}
        )
        self._app = App(connector=connector)
        again = RetryStrategy(max_attempts=MOST_TRIES - 1, exponential_wait=2)
        self._app.task(name=TASK, queue=QUEUE, retry=again)(self._plan)

    async def open(self) -> None:
        """Connect, and make the queue where there is none yet.

        Raises:
            StorageError: Where the database cannot be reached, or lets no schema be made.
        """
        with in_words(self._url):
            await furnish(self._address)
            await self._app.open_async()

    async def close(self) -> None:
        """Close all connections."""
        await self._app.close_async()

    async def hand_out(self, now: datetime) -> int:
        """Hand out whoever is due and in no job yet, in jobs of some thousand; tell how many jobs that made.

        Small rounds go before great ones, so that who chose an hour of few need not wait for those of many.

        Raises:
            StorageError: Where the database cannot be used.
        """
        due = await self._plans.due_ids(now)
        with in_words(self._url):
            await self._take_back()
            ranges = cut(due, await self._open_ranges(), self._most)
            if ranges:
                jobs = self._app.configure_task(TASK, priority=-len(ranges))
                await jobs.batch_defer_async(*map(_asked, ranges))
        return len(ranges)

    async def work(self, stopping: asyncio.Event) -> None:
        """Work off jobs until told to stop, or cancelled; a database that fails is tried again.

        What is in hand then is done first, if that takes no longer than `GRACE`.
        """
        told = asyncio.ensure_future(stopping.wait())
        try:
            while not stopping.is_set():
                try:
                    await self._work_until(told)
                except StorageError as error:
                    log.error("planning has to wait: %s", error)  # noqa: TRY400 - its words say all
                await asyncio.wait({told}, timeout=PAUSE)
        finally:
            told.cancel()
            self.strides.rest()

    async def _work_until(self, told: asyncio.Future[Any]) -> None:
        """Work until told; or until the worker or the look ends, as both do where the database fails."""
        working = asyncio.create_task(self._run_worker())
        looking = asyncio.create_task(self._keep_looking())
        try:
            await asyncio.wait({working, looking, told}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            looking.cancel()
            working.cancel()  # which ends it in peace
            ended = await asyncio.gather(working, looking, return_exceptions=True)
        for trouble in ended:
            if isinstance(trouble, Exception):
                with in_words(self._url):
                    raise trouble

    async def _run_worker(self) -> None:
        await self._app.run_worker_async(
            queues=[QUEUE],
            fetch_job_polling_interval=self._silence / LOOKS,
            shutdown_graceful_timeout=GRACE,
            update_heartbeat_interval=self._silence / BEATS,
            stalled_worker_timeout=self._silence,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    async def _keep_looking(self) -> None:
        while True:
            self.strides.step()
            await self._take_back()
            await asyncio.sleep(self._silence / LOOKS)

    async def _take_back(self) -> None:
        """Let others have the jobs of workers that are gone."""
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=self._silence):
            log.warning("a worker is gone: planning for %s is left to another", _range(job))
            with suppress(ConnectorException):  # somebody else took it back first
                await jobs.retry_job(job)

    async def _open_ranges(self) -> list[Range]:
        jobs = self._app.job_manager
        todo = await jobs.list_jobs_async(queue=QUEUE, status=Status.TODO.value)
        doing = await jobs.list_jobs_async(queue=QUEUE, status=Status.DOING.value)
        return [_range(job) for job in (*todo, *doing)]

    async def _plan(self, *, first: int, last: int) -> None:
        """Run one job; one that fails is tried again a few times, and is of the next round then."""
        try:
            await self._plans.plan_range(first, last, self._clock())
        except StorageError as error:
            log.warning("planning for %d to %d has to be tried again: %s", first, last, error)
            raise
        except Exception:  # a bug is told of here, for procrastinate does not, and raised to be tried again
            log.exception("planning for %d to %d failed", first, last)
            raise


def _asked(range_: Range) -> JSONDict:
    return {"first": range_.first, "last": range_.last}


def _range(job: Job) -> Range:
    return Range(**cast("dict[str, int]", job.task_kwargs))

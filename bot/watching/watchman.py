"""The watchman: knows what to look at in a process of these roles, and tells it page by page.

It answers in bounded time, whatever hangs, and however many ask. It changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from prometheus_client import CONTENT_TYPE_LATEST, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.connections import Connections
from bot.pacing.limiter import Limiter
from bot.polling.health import watch_over
from bot.rounds import Paperboy
from bot.watching.checks import Check, Work, check_works, passed
from bot.watching.exposition import write
from bot.watching.ledger import gauge_database, gauge_jobs
from bot.watching.server import served
from bot.watching.shared import Shared
from bot.watching.works import works_of
from storage import health
from storage.errors import StorageError

GAUGES_LAST = timedelta(seconds=15)  # as often as Prometheus asks; ten that ask cost what one does
GAUGES_PATIENCE = timedelta(seconds=5)  # half of what Prometheus waits
ANSWER_LASTS = timedelta(seconds=1)
ANSWER_PATIENCE = timedelta(seconds=2)


class Watchman:
    """Looks after one process.

    Args:
        works: What has to go on in it, by name.
    """

    def __init__(self, paperboy: Paperboy, works: Mapping[str, Work]) -> None:
        self._paperboy = paperboy
        self._works = works
        self._watch = watch_over(paperboy.settings, paperboy.sources)
        self._gauges = Shared(self._ask_database, GAUGES_LAST, GAUGES_PATIENCE)
        self._answer = Shared(self._try_database, ANSWER_LASTS, ANSWER_PATIENCE)

    @property
    def pages(self) -> list[Route]:
        """What it tells, and where."""
        return [
            Route("/metrics", self._tell_metrics),
            Route("/healthz", self._tell_health),
            Route("/readyz", self._tell_readiness),
        ]

    async def close(self) -> None:
        """Look no more."""
        await self._gauges.close()
        await self._answer.close()

    async def _tell_metrics(self, _request: Request) -> Response:
        try:
            told = await self._gauges.get()
        except (StorageError, TimeoutError):
            told = []
        told = [*told, _gauge_up(is_up=bool(told)), *self._look_inside()]
        return Response(write(self._observed(), told), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _tell_health(self, _request: Request) -> Response:
        return _tell([Check("process"), *check_works(self._works)])

    async def _tell_readiness(self, _request: Request) -> Response:
        checks = [await self._check_database()]
        if self._paperboy.speaks:
            checks.append(self._check_telegram())
        if self._paperboy.ranks:
            checks.append(self._check_shelf())
        return _tell(checks)

    async def _ask_database(self) -> list[Metric]:
        async with self._paperboy.database.reading() as session:
            told = await gauge_database(session, self._watch, self._paperboy.clock())
            if self._paperboy.database.is_shared:
                from bot.queueing.open_jobs import count_open  # noqa: PLC0415 - needs what SQLite does not

                told.append(gauge_jobs(await count_open(session)))
            return told

    async def _try_database(self) -> None:
        async with self._paperboy.database.reading() as session:
            await health.answer(session)

    async def _check_database(self) -> Check:
        try:
            await self._answer.get()
        except TimeoutError:
            return Check("database", f"no answer within {ANSWER_PATIENCE.seconds} s")
        except StorageError:  # its message names hosts and people; who owns the bot finds it in the log
            return Check("database", "cannot be used; the log says why")
        return Check("database")

    def _check_telegram(self) -> Check:
        try:
            self._paperboy.application.bot.username  # noqa: B018 - it refuses where nobody was met
        except RuntimeError:
            return Check("telegram", "not met yet")
        return Check("telegram")

    def _check_shelf(self) -> Check:
        return Check("shelf", None if self._paperboy.ranker.ready else "not built yet")

    def _observed(self) -> Iterable[Collector]:
        """Name who notes what this process does."""
        yield self._paperboy.updates.handling.times
        yield self._paperboy.deliverer.deliveries
        yield self._paperboy.planner.times
        if isinstance(requests := self._paperboy.application.bot.request, Connections):
            yield requests.calls

    def _look_inside(self) -> Iterable[Metric]:
        """Tell what can be seen at any time."""
        failures = self._paperboy.database.failures
        tells = "Times that the database failed this process."
        yield CounterMetricFamily("paperboy_database_errors", tells, failures)
        if isinstance(limiter := self._paperboy.application.bot.rate_limiter, Limiter):
            tells = "How long this process keeps silent from now on, for Telegram asked it to."
            yield GaugeMetricFamily("paperboy_telegram_pause_seconds", tells, limiter.pause.total_seconds())


@asynccontextmanager
async def watched(paperboy: Paperboy, host: str, port: int) -> AsyncIterator[str]:
    """Have a watchman tell of a process, and give the address where.

    Raises:
        MetricsError: The address is not this machine's, or the port is taken.
    """
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a moment a counter, which nobody reads
    watchman = Watchman(paperboy, works_of(paperboy))
    try:
        async with served(host, port, watchman.pages) as address:
            yield address
    finally:
        await watchman.close()


def _tell(checks: list[Check]) -> Response:
    lines = "".join(f"{check}\n" for check in checks)
    return PlainTextResponse(lines, status_code=200 if passed(checks) else 503)


def _gauge_up(*, is_up: bool) -> Metric:
    tells = (
        "Whether this process can ask the database: 1 or 0, and then all gauges of the database are missing."
    )
    return GaugeMetricFamily("paperboy_database_up", tells, float(is_up))

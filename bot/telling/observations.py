"""Observations: what this process does, counted and timed as it happens. Each part of the bot owns its own.

They are in memory alone: a restart begins at nothing, which Prometheus knows how to read. What the ledger
says is asked of it elsewhere (`bot.watching.ledger`). No label holds what anybody wrote, or who they are.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

_METHOD = re.compile(r"/bot[^/]*/([A-Za-z]+)$")
_NO_ANSWER = "none"
_REQUEST_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_UPDATE_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0)
_STEP_SECONDS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class TelegramCalls(Collector):
    """Requests to Telegram."""

    def __init__(self) -> None:
        self._seconds = Histogram(
            "paperboy_telegram_request_seconds",
            "How long Telegram took for a request of this process, by method.",
            ["method"],
            buckets=_REQUEST_SECONDS,
            registry=None,
        )
        self._answers = Counter(
            "paperboy_telegram_answers",
            "Answers of Telegram to this process, by method and HTTP status; 429 is flood control.",
            ["method", "status"],
            registry=None,
        )

    async def follow(self, url: str, request: Awaitable[tuple[int, bytes]]) -> tuple[int, bytes]:
        """Wait for the answer to a request and note it."""
        method, status, began = _method(url), _NO_ANSWER, time.perf_counter()
        try:
            answer = await request
            status = str(answer[0])
            return answer
        finally:
            self._seconds.labels(method).observe(time.perf_counter() - began)
            self._answers.labels(method, status).inc()

    def collect(self) -> Iterable[Metric]:
        """Give what was noted."""
        return [*self._seconds.collect(), *self._answers.collect()]


class Deliveries(Collector):
    """Attempts to deliver a digest."""

    def __init__(self) -> None:
        self._ends = Counter(
            "paperboy_deliveries",
            "Attempts of this process to deliver a digest, by kind, what came of them and why.",
            ["kind", "outcome", "why"],
            registry=None,
        )

    def note(self, kind: str, outcome: str, why: str) -> None:
        """Note how an attempt ended; ``why`` is of a few words that are known beforehand."""
        self._ends.labels(kind, outcome, why).inc()

    def collect(self) -> Iterable[Metric]:
        """Give what was noted."""
        return self._ends.collect()


class UpdateTimes(Collector):
    """How long updates take."""

    def __init__(self) -> None:
        self._seconds = Histogram(
            "paperboy_update_seconds",
            "How long this process took for an update, from its turn until it was out of the inbox.",
            buckets=_UPDATE_SECONDS,
            registry=None,
        )

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Note how long an update takes."""
        with self._seconds.time():
            yield

    def collect(self) -> Iterable[Metric]:
        """Give what was noted."""
        return self._seconds.collect()


class PlanningTimes(Collector):
    """How long planning takes, step by step, and for how many readers."""

    def __init__(self) -> None:
        self._seconds = Histogram(
            "paperboy_planning_step_seconds",
            "How long this process took for a step of planning, for all readers of a round or a job.",
            ["step"],
            buckets=_STEP_SECONDS,
            registry=None,
        )
        self._readers = Counter(
            "paperboy_readers_planned",
            "Readers that this process planned for, and those for whom that failed, who stay due.",
            ["outcome"],
            registry=None,
        )

    def note(self, readers: int, failed: int, seconds: Mapping[str, float]) -> None:
        """Note a round or a job, and how long each step took; nothing where nobody was due."""
        self._readers.labels("planned").inc(readers)
        self._readers.labels("failed").inc(failed)
        for step, took in seconds.items():
            self._seconds.labels(step).observe(took)

    def collect(self) -> Iterable[Metric]:
        """Give what was noted."""
        return [*self._seconds.collect(), *self._readers.collect()]


def _method(url: str) -> str:
    """Name the method of a request; all downloads of files go by one name, for theirs are the readers'."""
    found = _METHOD.search(url)
    return "download" if found is None or "/file/bot" in url else found[1]

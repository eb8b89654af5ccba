"""How the sources do, in numbers for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from math import inf

from prometheus_client.core import GaugeMetricFamily

from bot.polling.health import SourceHealth, Verdict
from bot.watching.families import labelled


def gauge_sources(sources: Sequence[SourceHealth]) -> list[GaugeMetricFamily]:
    """Tell how the sources do.

    What never happened has no value, but for the lag: it is infinite, so that an alert on it is raised.
    """

    def gauge(name: str, tells: str, tell: Callable[[SourceHealth], float | None]) -> GaugeMetricFamily:
        family = labelled(f"source_{name}", tells, "source")
        for health in sources:
            if (value := tell(health)) is not None:
                family.add_metric([health.source], value)
        return family

    return [
        gauge("last_success_timestamp_seconds", "When a source was last read in full.", _reached_at),
        gauge("last_new_paper_timestamp_seconds", "When a source last brought a new paper.", _added_at),
        gauge("lag_seconds", "How old the last reading of a source is; +Inf where there is none.", _lag),
        gauge("failures", "How many tries failed in a row.", _failures),
        gauge("days_missing", "Days before today that were never read.", lambda health: len(health.missing)),
        _gauge_verdicts(sources),
    ]


def _gauge_verdicts(sources: Sequence[SourceHealth]) -> GaugeMetricFamily:
    tells = "How a source does: 1 for the verdict that holds."
    family = labelled("source_verdict", tells, "source", "verdict")
    for health in sources:
        for verdict in Verdict:
            family.add_metric([health.source, verdict], float(health.verdict is verdict))
    return family


def _reached_at(health: SourceHealth) -> float | None:
    return _seconds(health.poll.reached_at) if health.poll else None


def _added_at(health: SourceHealth) -> float | None:
    return _seconds(health.poll.added_at) if health.poll else None


def _lag(health: SourceHealth) -> float:
    return inf if health.lag is None else health.lag.total_seconds()


def _failures(health: SourceHealth) -> int:
    return health.poll.failures if health.poll else 0


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()

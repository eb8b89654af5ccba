"""Metrics as Prometheus reads them: what this process noted, and what the database says of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


def write(observed: Iterable[Collector], told: Sequence[Metric]) -> bytes:
    """Write what was observed and what was told, and what the system says of the process."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    for collector in (*observed, _Told(told)):
        registry.register(collector)
    return generate_latest(registry)


@dataclass(frozen=True, eq=False)
class _Told(Collector):
    """What was told just now, already in numbers."""

    metrics: Sequence[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.metrics

"""Gauges of what the database says: whichever process is asked, they are the same."""

from __future__ import annotations

from prometheus_client.core import GaugeMetricFamily

_SAME = "The same from every process: take the maximum, not the sum."


def gauge(name: str, tells: str, value: float) -> GaugeMetricFamily:
    """Make a gauge of one value."""
    return GaugeMetricFamily(f"paperboy_{name}", f"{tells} {_SAME}", value)


def labelled(name: str, tells: str, *labels: str) -> GaugeMetricFamily:
    """Make a gauge of a value each label, to be added."""
    return GaugeMetricFamily(f"paperboy_{name}", f"{tells} {_SAME}", labels=labels)

"""When digests are due, by the calendar alone; the bot's own reckoning is held against it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def due_moments(hour: int, zone: str, after: datetime) -> Iterator[tuple[datetime, date]]:
    """List the moments after one at which it is so late in a zone, each with its local day, without end.

    An hour that comes twice counts at its first coming; one that is left out, as much later as the clocks
    jump (PEP 495, fold 0).
    """
    first = after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for number in itertools.count():
        day = first + timedelta(days=number)
        moment = datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)
        if moment > after:
            yield moment, day


def due_days(hour: int, zone: str, after: datetime, until: datetime) -> set[date]:
    """List the local days that are due after one moment, up to another."""
    moments = itertools.takewhile(lambda told: told[0] <= until, due_moments(hour, zone, after))
    return {day for _, day in moments}

"""When the next digest is due: pure calendar maths in the reader's own time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def every_day(_day: date) -> bool:
    """Want each day alike."""
    return True


def next_due(
    hour: int, zone: str, after: datetime, is_wanted: Callable[[date], bool] = every_day
) -> datetime:
    """Find the first moment after ``after`` at which the clocks of ``zone`` show ``hour`` o'clock, in UTC.

    Days that are not wanted are passed over; some day must be wanted. An hour that the clocks jump over is
    due as many minutes later as they jump (PEP 495, fold 0); an hour that comes twice is due at its first
    coming.
    """
    here = ZoneInfo(zone)
    day = after.astimezone(here).date()
    while (due := _moment(day, hour, here)) <= after or not is_wanted(day):
        day += timedelta(days=1)
    return due


def local_day(moment: datetime, zone: str) -> date:
    """Tell the calendar day of a moment in ``zone``."""
    return moment.astimezone(ZoneInfo(zone)).date()


def local_time(moment: datetime, zone: str) -> str:
    """Tell what the clocks of ``zone`` show, as in ``08:05``."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def is_zone(name: str) -> bool:
    """Tell whether there is a time zone of this IANA name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, as in "Europe"
        return False
    return True


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)

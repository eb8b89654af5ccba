"""When the next digest is due: pure calendar maths in the reader's own time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = timedelta(days=1)


def every_day(_day: date) -> bool:
    """Want each day alike."""
    return True


def next_due(
    hour: int, zone: str, after: datetime, is_wanted: Callable[[date], bool] = every_day
) -> datetime:
    """Find the first moment after ``after`` at which the clocks of ``zone`` show ``hour`` o'clock, in UTC.

    Days that are not wanted are passed over; some day must be wanted. So are days that the calendar of the
    zone leaves out. An hour that the clocks jump over is due as many minutes later as they jump (PEP 495,
    fold 0), be it on the day after; an hour that comes twice is due at its first coming.
    """
    here = ZoneInfo(zone)
    day = after.astimezone(here).date()
    while (due := _moment(day, hour, here)) <= after or not is_wanted(day) or _day_of(due, hour, here) != day:
        day += DAY
    return due


def due_day(due: datetime, hour: int, zone: str) -> date:
    """Tell which local day it is whose ``hour`` is due at a moment.

    It is the day that the clocks show, or the one before it, where they jumped over that day's hour into the
    next: in Nuuk, 2024-03-30 has no 23:00, so its digest is due as 2024-03-31 begins.
    """
    return _day_of(due, hour, ZoneInfo(zone))


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


def _day_of(due: datetime, hour: int, zone: ZoneInfo) -> date:
    shown = due.astimezone(zone).date()
    was_jumped_over = _moment(shown, hour, zone) != due == _moment(shown - DAY, hour, zone)
    return shown - DAY if was_jumped_over else shown


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)

"""Which digests are due on which local days: reckoned by looking at each quarter of an hour.

It is slow and plain on purpose, and shares nothing with `bot.timetable.schedule`, for that is checked by it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_QUARTER = timedelta(minutes=15)
_EARLIER = timedelta(days=2)  # the first day of a search is not seen from its beginning


@cache
def due_moments(zone: str, hour: int, after: datetime, until: datetime) -> tuple[tuple[date, datetime], ...]:
    """List the local days whose digest falls due after a moment, a full quarter in UTC, up to another.

    It is due at the first quarter of an hour at which the clocks of ``zone`` show ``hour`` or more.
    """
    found: dict[date, datetime] = {}
    quarter = after - _EARLIER
    while quarter <= until:
        local = quarter.astimezone(ZoneInfo(zone))
        if local.hour >= hour:
            found.setdefault(local.date(), quarter)
        quarter += _QUARTER
    return tuple((day, due) for day, due in found.items() if after < due <= until)

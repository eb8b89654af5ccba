"""How far back the lists of days are read: as asked for, and after an outage."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from bot.errors import BotError
from sources.days import SETTLES_AFTER

LONGEST_BACKFILL = timedelta(days=3650)
LONGEST_OUTAGE = timedelta(days=90)
_SPAN = re.compile(r"([0-9]{1,4})\s*([dw]?)")
_DAYS = {"": 1, "d": 1, "w": 7}


class BackfillError(BotError):
    """Words that say no number of days that can be read back."""


def read_span(words: str) -> timedelta:
    """Read a number of days, as in ``30``, ``30d`` or ``4w``.

    Raises:
        BackfillError: It is none, or more than ten years.
    """
    said = _SPAN.fullmatch(words.strip().lower())
    span = timedelta(days=int(said[1]) * _DAYS[said[2]]) if said else None
    if span is None or span > LONGEST_BACKFILL:
        raise BackfillError(
            f"--backfill takes days or weeks, as in 30d or 4w, and at most {LONGEST_BACKFILL.days}d; "
            f"{words!r} is neither."
        )
    return span


def first_unsettled(now: datetime) -> date:
    """Tell the first day whose list is looked at again, where it was read before.

    It is the one that has just settled: that is read a last time.
    """
    return (now - SETTLES_AFTER).astimezone(UTC).date() - timedelta(days=1)


def first_day(now: datetime, backfill: timedelta, reached_at: datetime | None) -> date:
    """Tell the first day whose list is to be there, where a source was last read in full at ``reached_at``.

    It lies ``backfill`` before that reading, not before now, so that an outage leaves no gap, nor loses what
    came late to the lists before it. Of an outage only `LONGEST_OUTAGE` is made up for.
    """
    read_until = min(reached_at or now, now)
    earliest = now - max(backfill, LONGEST_OUTAGE)
    return max(read_until - backfill, earliest).astimezone(UTC).date()

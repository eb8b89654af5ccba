"""Which days' lists are worth a look, and how long a reading of each is good enough. Pure.

A day is one in UTC, as it is on the lists. How long a reading is good is the policy of the daily papers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sources.values import Listing

_YESTERDAY_FRESH = timedelta(hours=2)
_OLDER_FRESH = timedelta(hours=6)
SETTLES_AFTER = timedelta(days=8)  # upvotes grow for days, and papers are added late


def days_since(since: date, until: date) -> list[date]:
    """Name each day from ``since`` to ``until``, both included, the newest first."""
    return [until - timedelta(days=age) for age in range((until - since).days + 1)]


def end_of(day: date) -> datetime:
    """Tell the moment when a day is over."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def list_days(since: date, now: datetime) -> list[Listing]:
    """List the days from ``since`` to today, the newest first.

    Today's list is due at every poll, and yesterday's and older ones seldom: a poll where nothing has changed
    asks once. A reading from before a day's end never counts as one of the whole day, so each is due again as
    soon as the next day begins.
    """
    return [_list_day(day, now) for day in days_since(since, now.astimezone(UTC).date())]


def _list_day(day: date, now: datetime) -> Listing:
    end = end_of(day)
    return Listing(day.isoformat(), day=day, fresh_for=_patience(now - end), settles=end + SETTLES_AFTER)


def _patience(age: timedelta) -> timedelta:
    """Tell how long a reading is good where the day ended ``age`` ago; never longer than since its end."""
    if age < timedelta(0):
        return timedelta(0)
    return min(age, _YESTERDAY_FRESH) if age < timedelta(days=1) else _OLDER_FRESH

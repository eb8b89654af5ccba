"""A reader's rhythm: which local days they want a digest on, which of them are due, and when the next one is.

A day counts as chosen if its hour comes while the settings ask for it, or came while the bot was not there to
look. Pure calendar maths; what becomes of the days is the planner's affair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.timetable.schedule import due_day, local_day, next_due
from storage.readers import Reader, ReaderState

LOOK_BACK = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class DaysDue:
    """The local days whose hour has come.

    Attributes:
        late: Those that it is too late for, oldest first.
        open: The newest one, where it is not too late for it.
        since: When the newest one fell due.
    """

    late: tuple[date, ...] = ()
    open: date | None = None
    since: datetime | None = None


NOTHING_DUE = DaysDue()


def wants(reader: Reader, day: date) -> bool:
    """Tell whether a reader wants a digest on a local day."""
    is_quiet = reader.quiet_until is not None and day <= reader.quiet_until
    return bool(reader.days >> day.weekday() & 1) and not is_quiet


def days_due(reader: Reader, now: datetime, max_late: timedelta) -> DaysDue:
    """List the days that are due: at most the newest is open, so that nobody gets several digests at once.

    What is due for longer than `LOOK_BACK` is let go: no chat needs a row for each day of a year's sleep.
    """
    moments: dict[date, datetime] = {}
    for due in _moments_due(reader, now):
        day = _day(reader, due)
        if wants(reader, day):
            moments[day] = due
    if not moments:
        return NOTHING_DUE
    *missed, newest = moments
    if now - moments[newest] > max_late:
        return DaysDue(late=tuple(moments), since=moments[newest])
    return DaysDue(late=tuple(missed), open=newest, since=moments[newest])


def reschedule(reader: Reader, now: datetime, last_day: date | None = None) -> Reader:
    """Set when the next digest is due: at the reader's hour, or never where they chose none or are away.

    A day whose hour has come stays due until it is planned, whatever is changed meanwhile. A day up to
    ``last_day`` has had its digest, whatever the hour was then. Who wants it as soon as the list is out is
    due when `Planner.welcome_list` says so.
    """
    is_owed = reader.next_due_at is not None and reader.next_due_at <= now
    return reader if is_owed and _is_served(reader) else move_on(reader, now, last_day)


def move_on(reader: Reader, now: datetime, last_day: date | None = None) -> Reader:
    """Set when the next digest is due, as `reschedule` does, once all that was due is settled."""
    if reader.hour is None or not reader.timezone or reader.on_arrival or not _is_served(reader):
        return replace(reader, next_due_at=None)
    due = _next_due(reader, now)
    while last_day and _day(reader, due) <= last_day:
        due = _next_due(reader, due)
    return replace(reader, next_due_at=due)


def _is_served(reader: Reader) -> bool:
    has_rhythm = reader.on_arrival or reader.hour is not None
    return has_rhythm and bool(reader.timezone and reader.days) and reader.state is ReaderState.ACTIVE


def _moments_due(reader: Reader, now: datetime) -> Iterator[datetime]:
    due = reader.next_due_at
    if due is None or not reader.timezone:
        return
    if reader.hour is None or reader.on_arrival:
        if due <= now:
            yield due
        return
    if due < now - LOOK_BACK:
        due = _next_due(reader, now - LOOK_BACK)
    while due <= now:
        yield due
        due = _next_due(reader, due)


def _day(reader: Reader, due: datetime) -> date:
    if reader.on_arrival or reader.hour is None:
        return local_day(due, reader.timezone or "UTC")
    return due_day(due, reader.hour, reader.timezone or "UTC")


def _next_due(reader: Reader, after: datetime) -> datetime:
    if reader.hour is None or not reader.timezone:
        raise ValueError("a reader without an hour and a time zone is never due")
    return next_due(reader.hour, reader.timezone, after, partial(wants, reader))

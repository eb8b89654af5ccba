"""Days that are due, worked out once for all readers of one rhythm: most of a round share hour and zone."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.timetable.rhythm import DaysDue, days_due, move_on
from storage.readers import Reader


@dataclass(frozen=True, slots=True)
class Opening:
    """A reader who is due, and what for.

    Attributes:
        late: Days that it is too late for, oldest first.
        day: The one that picks are needed for; None where only the days before have to be settled, or none.
        last_day: The latest that had its row before.
    """

    reader: Reader
    late: tuple[date, ...]
    day: date | None
    last_day: date | None

    @property
    def settled_to(self) -> date | None:
        """The latest day that has its row once all of these have."""
        return max(filter(None, (self.last_day, *self.late, self.day)), default=None)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What `bot.timetable.rhythm` says at one moment, remembered."""

    now: datetime
    max_late: timedelta
    _due: dict[Hashable, DaysDue] = field(default_factory=dict)
    _next: dict[Hashable, datetime | None] = field(default_factory=dict)

    def opening(self, reader: Reader, last_day: date | None) -> Opening | None:
        """Tell what a reader is due; None where that is unusual.

        It is where the day or a later one has had its digest: ``last_day``, the reader's last in the ledger,
        says so. Only those who wait for lists are often due again then, and get no second one.
        """
        due = self._days_due(reader)
        is_had = due.open is not None and last_day is not None and last_day >= due.open
        if is_had and not reader.on_arrival:
            return None
        return Opening(reader, due.late, None if is_had else due.open, last_day)

    def next_due_at(self, reader: Reader, last_day: date | None) -> datetime | None:
        """Tell when the reader is due again once all up to ``last_day`` is settled."""
        rhythm = (*_rhythm(reader), last_day)
        if rhythm not in self._next:
            self._next[rhythm] = move_on(reader, self.now, last_day).next_due_at
        return self._next[rhythm]

    def _days_due(self, reader: Reader) -> DaysDue:
        rhythm = (*_rhythm(reader), reader.next_due_at)
        if rhythm not in self._due:
            self._due[rhythm] = days_due(reader, self.now, self.max_late)
        return self._due[rhythm]


def _rhythm(reader: Reader) -> tuple[Hashable, ...]:
    """Name all that `bot.timetable.rhythm` looks at, beside when the reader is due."""
    return (reader.hour, reader.timezone, reader.days, reader.quiet_until, reader.on_arrival, reader.state)

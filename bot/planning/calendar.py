"""Days that are due, worked out once for all readers of one rhythm: most of a round share hour and zone."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.rhythm import DaysDue, days_due, move_on
from storage.readers import Reader


@dataclass(frozen=True, slots=True)
class Calendar:
    """What `bot.rhythm` says at one moment, remembered."""

    now: datetime
    max_late: timedelta
    _due: dict[Hashable, DaysDue] = field(default_factory=dict)
    _next: dict[Hashable, datetime | None] = field(default_factory=dict)

    def open_day(self, reader: Reader, last_day: date | None) -> date | None:
        """Tell which day is open, where nothing about it is unusual.

        It is where earlier days are too late for a digest, which has to be written down, and where the day
        or a later one has had one: ``last_day``, the reader's last in the ledger, says so.
        """
        due = self._days_due(reader)
        if due.open is None or due.late or (last_day and last_day >= due.open):
            return None
        return due.open

    def next_due_at(self, reader: Reader, last_day: date) -> datetime | None:
        """Tell when the reader is due again once ``last_day`` has its row."""
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
    """Name all that `bot.rhythm` looks at, beside when the reader is due."""
    return (reader.hour, reader.timezone, reader.days, reader.quiet_until, reader.on_arrival, reader.state)

"""How each source does, judged once for the chat, the doctor and the metrics.

It goes by what is written down in the database and asks no source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.polling.backfill import first_day
from bot.settings import Settings
from sources.days import days_since
from sources.source import Source
from storage import polls, readings
from storage.polls import Poll
from storage.readings import Reading

QUIET_WORKDAYS = 2  # lists come from Monday to Friday: a weekend with nothing is no news
_WEEKEND = (5, 6)
_DAY = timedelta(days=1)
_WEEK = 6 * _DAY  # its last day is the seventh


class Verdict(StrEnum):
    """How a source does, in a word."""

    WELL = "well"
    QUIET = "quiet"  # answers, and has brought nothing new for unusually long
    NEW = "new"  # not read yet
    LATE = "late"  # should have been read since
    UNREADABLE = "unreadable"  # answers with what is no list of papers
    FAILING = "failing"
    RESTING = "resting"  # failed so often that it is left alone for a while


TROUBLES = frozenset({Verdict.LATE, Verdict.UNREADABLE, Verdict.FAILING, Verdict.RESTING})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """What is known of a source at one moment.

    Attributes:
        poll: None where nothing is written down of it.
        days: What its days held that were read, in order: those of the week, those since ``since``, and the
            newest of all. Empty for a source whose dumps are of no day.
        since: The first day that is to be known: with an outage, from before it.
        rest: What its dumps of no day hold all together; None where it has none.
        patience: How old the last reading may grow.
    """

    source: str
    at: datetime
    poll: Poll | None
    days: Mapping[date, Reading]
    since: date
    patience: timedelta
    rest: Reading | None = None

    @property
    def lag(self) -> timedelta | None:
        """How old the knowledge of it is; None where it was never read."""
        return self.at - self.poll.reached_at if self.poll and self.poll.reached_at else None

    @property
    def verdict(self) -> Verdict:
        """The one thing to know of it: a failure before all that follows from it, silence last."""
        if self.poll is None or self._is_being_met:
            return Verdict.NEW
        if self.poll.retry_at and self.poll.retry_at > self.at:
            return Verdict.RESTING
        if self.poll.why:
            return Verdict.FAILING
        if self.lag is None or self.lag > self.patience:
            return Verdict.LATE
        if self._is_unreadable:
            return Verdict.UNREADABLE
        return Verdict.QUIET if self._is_quiet else Verdict.WELL

    @property
    def today(self) -> date:
        """The day that is not over yet, in UTC."""
        return self.at.astimezone(UTC).date()

    @property
    def week(self) -> dict[date, Reading | None]:
        """The last seven days, what each held, None where it was not read; empty as `days` is.

        Today is the last of them once it was read: before that nothing can be missed of it.
        """
        if not self.days:
            return {}
        last = self.today if self.today in self.days else self.today - _DAY
        return {day: self.days.get(day) for day in reversed(days_since(last - _WEEK, last))}

    @property
    def missing(self) -> list[date]:
        """The days before today that are to be known and were never read; none as long as `days` is empty."""
        if not self.days:
            return []
        days = reversed(days_since(self.since, self.today - _DAY))
        return [day for day in days if day not in self.days]

    @property
    def news_on(self) -> date | None:
        """The day that last brought something: a new paper, or a list, even if its papers were known."""
        listed = [day for day, reading in self.days.items() if reading.papers]
        added = [self.poll.added_at.astimezone(UTC).date()] if self.poll and self.poll.added_at else []
        return max([*listed, *added], default=None)

    @property
    def _is_being_met(self) -> bool:
        """Whether the first poll of it may still be under way."""
        poll = self.poll
        return bool(
            poll and not poll.reached_at and not poll.why and self.at - poll.asked_at <= self.patience
        )

    @property
    def _is_quiet(self) -> bool:
        if self.news_on is None:
            return True
        silent = days_since(self.news_on + _DAY, self.today - _DAY)
        return sum(day.weekday() not in _WEEKEND for day in silent) >= QUIET_WORKDAYS

    @property
    def _is_unreadable(self) -> bool:
        """Whether the newest of its lists that is not empty holds no paper."""
        held = [reading for reading in self.days.values() if reading.papers or reading.rejects]
        newest = held[-1] if held else self.rest
        return newest is not None and newest.is_unreadable


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched, and what is expected of it.

    Attributes:
        sources: By the names that the database calls them.
        patience: How old the last reading may grow.
        backfill: How far back days are to be known.
    """

    sources: Sequence[str]
    patience: timedelta
    backfill: timedelta

    async def look(self, session: AsyncSession, now: datetime) -> list[SourceHealth]:
        """Look how each source does, in their order."""
        return [await self._look_at(session, source, now) for source in self.sources]

    async def _look_at(self, session: AsyncSession, source: str, now: datetime) -> SourceHealth:
        poll = await polls.get(session, source)
        since = first_day(now, self.backfill, poll.reached_at if poll else None)
        week = (now - _WEEK - _DAY).astimezone(UTC).date()
        return SourceHealth(
            source=source,
            at=now,
            poll=poll,
            days=await readings.by_day(session, source, min(since, week)),
            since=since,
            patience=self.patience,
            rest=await readings.of_no_day(session, source),
        )


def watch_over(settings: Settings, sources: Sequence[Source]) -> Watch:
    """Watch these sources: one that two polls running did not read is late."""
    names = tuple(source.name for source in sources)
    return Watch(names, 2 * timedelta(minutes=settings.poll_minutes), settings.backfill)

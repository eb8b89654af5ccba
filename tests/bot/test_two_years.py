"""A property: over two years each chosen local day has one row, sent or skipped with its reason."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st
from lived_days import MAX_LATE, Entry, life

from bot.planning import reschedule
from bot.timetable.rhythm import days_due, move_on
from storage.readers import Reader

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
YEARS = timedelta(days=731)
JUMP = timedelta(hours=1)  # of two hours, in Troll: an hour in its middle is due an hour after it
QUARTER = timedelta(minutes=15)  # every clock of today shows its full hours at one of UTC's quarters
GAPS = [timedelta(minutes=1), timedelta(hours=1), timedelta(hours=9), timedelta(hours=30), timedelta(days=20)]
STARTS = st.integers(0, 20 * 365).map(lambda day: datetime(2008, 1, 1, tzinfo=UTC) + timedelta(days=day))


def chosen_days(zone: str, hour: int, days: int, start: datetime, end: datetime) -> dict[date, datetime]:
    """Find, by looking at the clock every quarter of an hour, the wanted days and when their hour came.

    That is when the clock first shows it, or a later hour of that day, or the day after.
    """
    here, came = ZoneInfo(zone), {}
    met: set[date] = set()
    moment = start - timedelta(days=2)
    while moment <= end:
        shown = moment.astimezone(here)
        for day in (shown.date() - timedelta(days=1), shown.date()):
            is_over = day < shown.date() and day in met
            if day not in came and (is_over or (day == shown.date() and shown.hour >= hour)):
                came[day] = moment
        met.add(shown.date())
        moment += QUARTER
    return {day: at for day, at in came.items() if start < at <= end and days >> day.weekday() & 1}


def ticks(chance: random.Random, start: datetime, end: datetime) -> Iterator[datetime]:
    """Look at what is due at random: mostly often, at times after days."""
    now = start
    while now < end:
        now = min(now + chance.choices(GAPS, [2, 4, 12, 4, 1])[0] * chance.uniform(0.5, 1.5), end)
        yield now


class Always:
    """Says which rows and sends break a promise."""

    def __init__(self, zone: str, hour: int, days: int, start: datetime) -> None:
        self.came = chosen_days(zone, hour, days, start, start + YEARS)

    def holds(self, entries: list[Entry]) -> None:
        assert [entry.day for entry in entries] == sorted(self.came)
        sent = [entry for entry in entries if entry.state == "sent"]
        assert all(timedelta(0) <= entry.at - self.came[entry.day] <= MAX_LATE + JUMP for entry in sent)
        assert max(Counter(entry.at for entry in sent).values(), default=0) <= 1
        assert {entry.why for entry in entries if entry.state != "sent"} <= {"late"}


any_life = given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    days=st.integers(1, 127),
    start=STARTS,
    chance=st.integers(0, 2**32).map(random.Random),
)


@settings(max_examples=3)
@any_life
def test_each_chosen_day_has_one_row(
    empty_file: Path, *, zone: str, hour: int, days: int, start: datetime, chance: random.Random
) -> None:
    """The real planner on real SQLite: a look every few hours, and after days of sleep."""

    async def live() -> list[Entry]:
        chosen = {"timezone": zone, "hour": hour, "days": days}
        with TemporaryDirectory() as folder:
            async with life(empty_file, Path(folder), start, **chosen) as lived:
                for now in ticks(chance, start, start + YEARS):
                    lived.now = now
                    await lived.tick()
                return await lived.entries()

    Always(zone, hour, days, start).holds(asyncio.run(live()))


@settings(max_examples=25)
@any_life
def test_each_chosen_day_is_due_once(
    *, zone: str, hour: int, days: int, start: datetime, chance: random.Random
) -> None:
    """The same of the calendar alone, in more zones and years: what a plan would write down."""
    reader = Reader(chat_id=7, kind="private", hour=hour, timezone=zone, days=days)
    reader, entries = reschedule(reader, start), []
    for now in ticks(chance, start, start + YEARS):
        due = days_due(reader, now, MAX_LATE)
        entries += [Entry(day, "skipped", "late", now) for day in due.late]
        entries += [Entry(due.open, "sent", None, now)] if due.open else []
        if due != replace(due, late=(), open=None, since=None):
            reader = move_on(reader, now)
    Always(zone, hour, days, start).holds(entries)

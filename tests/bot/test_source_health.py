"""One verdict on a source, from what is written down of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polling.health import SourceHealth, Verdict, Watch
from storage import dumps, polls
from storage.database import Database
from storage.dumps import DumpMark, ReadDump
from storage.polls import Poll
from storage.readings import Reading

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday
TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = {TODAY - age * DAY: Reading(NOW, 5, 0) for age in reversed(range(14))}


def asked(**changed: object) -> Poll:
    """Write down that all went well just now."""
    well: dict[str, object] = {"source": "lists", "asked_at": NOW, "reached_at": NOW, "added_at": NOW}
    return Poll(**well | changed)


def health(
    poll: Poll | None, days: Mapping[date, Reading] = WEEK, *, at: datetime = NOW, rest: Reading | None = None
) -> SourceHealth:
    since = at.date() - 14 * DAY
    return SourceHealth(source="lists", at=at, poll=poll, days=days, since=since, patience=HOUR, rest=rest)


def test_a_source_that_was_read_lately_and_brought_papers_is_well() -> None:
    seen = health(asked(reached_at=NOW - HOUR))
    assert (seen.verdict, seen.lag) == (Verdict.WELL, HOUR)


def test_a_source_that_was_never_asked_is_neither_well_nor_ill() -> None:
    seen = health(None, {})
    assert (seen.verdict, seen.lag, seen.missing, seen.week) == (Verdict.NEW, None, [], {})


@pytest.mark.parametrize(
    ("poll", "verdict"),
    [
        (asked(reached_at=NOW - HOUR - timedelta(seconds=1)), Verdict.LATE),
        (asked(reached_at=None, asked_at=NOW - 2 * HOUR), Verdict.LATE),
        (asked(reached_at=None, why="refused"), Verdict.FAILING),
        (asked(why="refused", failures=1), Verdict.FAILING),
        (asked(why="refused", failures=4, retry_at=NOW), Verdict.FAILING),
        (asked(why="refused", failures=4, retry_at=NOW + HOUR), Verdict.RESTING),
    ],
)
def test_a_failure_is_told_before_what_follows_from_it(poll: Poll, verdict: Verdict) -> None:
    assert health(poll).verdict is verdict


def test_a_weekend_with_nothing_is_normal() -> None:
    """What came on Friday is news until two working days have passed without."""
    friday = datetime.combine(TODAY, time(9), UTC)
    poll = asked(added_at=friday)
    verdicts = []
    for age in range(7):
        at = friday + age * DAY
        empty = {friday.date() + n * DAY: Reading(at, 0, 0) for n in range(1, age + 1)}
        verdicts.append(health(asked(added_at=poll.added_at, reached_at=at), empty, at=at).verdict)
    assert verdicts == [Verdict.WELL] * 5 + [Verdict.QUIET] * 2


@given(st.integers(0, 1000), st.timedeltas(timedelta(0), DAY - timedelta(seconds=1)))
def test_who_brings_something_each_working_day_is_never_quiet(number: int, clock: timedelta) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + number * DAY + clock
    last = next(at - age * DAY for age in range(1, 4) if (at - age * DAY).weekday() < 5)
    assert health(asked(reached_at=at, added_at=last), {}, at=at).verdict is Verdict.WELL


def test_lists_whose_papers_another_source_brought_first_are_no_silence() -> None:
    assert health(asked(added_at=None)).verdict is Verdict.WELL
    assert health(asked(added_at=None), {}).verdict is Verdict.QUIET


def test_it_tells_since_when_it_is_quiet() -> None:
    days = {TODAY - age * DAY: Reading(NOW, 0, 0) for age in reversed(range(14))}
    seen = health(asked(added_at=NOW - 9 * DAY), days)
    assert (seen.verdict, seen.news_on) == (Verdict.QUIET, TODAY - 9 * DAY)


def test_what_is_no_list_any_more_is_told_at_once_though_days_before_were_read() -> None:
    garbled = {TODAY - DAY: Reading(NOW, 0, 1), TODAY: Reading(NOW, 0, 0)}
    assert health(asked(), WEEK | garbled).verdict is Verdict.UNREADABLE
    assert health(asked(), WEEK | garbled | {TODAY: Reading(NOW, 1, 0)}).verdict is Verdict.WELL


def test_one_bad_file_of_a_folder_is_no_trouble_a_page_without_a_paper_is() -> None:
    assert health(asked(), {}, rest=Reading(NOW, 9, 1)).verdict is Verdict.WELL
    assert health(asked(), {}, rest=Reading(NOW, 0, 1)).verdict is Verdict.UNREADABLE


def test_a_first_poll_that_may_be_under_way_is_no_trouble() -> None:
    """It may take minutes to read weeks of lists, and has brought papers by then."""
    assert health(asked(reached_at=None)).verdict is Verdict.NEW


def test_days_that_were_never_read_are_missing_and_today_is_not_yet() -> None:
    """A day with nothing is not missing, and today is told of once it was read."""
    holed = {day: reading for day, reading in WEEK.items() if day not in {TODAY, TODAY - 3 * DAY}}
    empty = {TODAY - 2 * DAY: Reading(NOW, 0, 0)}
    seen = health(asked(), {TODAY - 14 * DAY: Reading(NOW, 5, 0)} | holed | empty)
    assert seen.missing == [TODAY - 3 * DAY]
    assert seen.week[TODAY - 3 * DAY] is None
    assert seen.week[TODAY - 2 * DAY] == Reading(NOW, 0, 0)
    assert list(seen.week) == [TODAY - age * DAY for age in reversed(range(1, 8))]
    assert list(health(asked()).week) == [TODAY - age * DAY for age in reversed(range(7))]


async def test_after_an_outage_the_days_of_it_are_missing(database: Database) -> None:
    """However short the backfill is, and those of before too, which may have been read too early."""
    async with database.writing() as session:
        await polls.put(session, asked(reached_at=NOW - 20 * DAY))
        mark = DumpMark(None, "print", NOW - 20 * DAY)
        days = [TODAY - age * DAY for age in (20, 21, 22, 23)]
        await dumps.mark_all(session, "lists", [ReadDump(str(day), mark, 5, 0, day) for day in days])
    watch = Watch(("lists", "others"), HOUR, 3 * DAY)
    async with database.reading() as session:
        seen, other = await watch.look(session, NOW)
    assert seen.missing == [TODAY - age * DAY for age in reversed(range(1, 20))]
    assert list(seen.week.values()) == [None] * 7
    assert (other.source, other.poll, other.days) == ("others", None, {})


async def test_the_week_is_told_however_short_the_backfill_is(database: Database) -> None:
    async with database.writing() as session:
        await polls.put(session, asked())
        mark, days = DumpMark(None, "print", NOW), [TODAY - age * DAY for age in range(8)]
        read = [ReadDump(str(day), mark, age, 0, day) for age, day in enumerate(days)]
        await dumps.mark_all(session, "lists", read)
    async with database.reading() as session:
        (seen,) = await Watch(("lists",), HOUR, timedelta(0)).look(session, NOW)
    assert [reading and reading.papers for reading in seen.week.values()] == [6, 5, 4, 3, 2, 1, 0]
    assert seen.missing == []

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.timetable.schedule import due_day, is_zone, local_day, local_time, next_due

START = st.integers(1_700_000_000, 1_830_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana"]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "zone", "after", "due"),
    [
        (8, "UTC", utc(2026, 11, 21, 7, 59), utc(2026, 11, 21, 8)),
        (8, "UTC", utc(2026, 11, 21, 8), utc(2026, 11, 22, 8)),
        (8, "Europe/Berlin", utc(2026, 11, 21, 6), utc(2026, 11, 21, 7)),
        (8, "Europe/Berlin", utc(2026, 7, 1, 7), utc(2026, 7, 2, 6)),
        (0, "Asia/Tokyo", utc(2026, 2, 28, 14, 59), utc(2026, 2, 28, 15)),
        (9, "Asia/Kolkata", utc(2028, 2, 28, 12), utc(2028, 2, 29, 3, 30)),
    ],
)
def test_due_at_the_local_hour(hour: int, zone: str, after: datetime, due: datetime) -> None:
    assert next_due(hour, zone, after) == due


def test_an_hour_that_the_clocks_jump_over_is_due_when_they_have_jumped() -> None:
    """In Berlin 02:00 to 03:00 does not exist on 2026-03-29."""
    due = next_due(2, "Europe/Berlin", utc(2026, 3, 28, 12))
    assert due == utc(2026, 3, 29, 1)
    assert local_time(due, "Europe/Berlin") == "03:00"


def test_an_hour_that_comes_twice_is_due_once() -> None:
    """In Berlin 02:00 to 03:00 comes twice on 2026-10-25."""
    first = next_due(2, "Europe/Berlin", utc(2026, 10, 24, 12))
    assert first == utc(2026, 10, 25, 0)
    assert next_due(2, "Europe/Berlin", first) == utc(2026, 10, 26, 1)


@given(st.integers(0, 23), st.sampled_from(ZONES), START)
def test_each_local_day_is_due_exactly_once(hour: int, zone: str, start: datetime) -> None:
    """From one due moment to the next it is always one calendar day."""
    due = next_due(hour, zone, start)
    following = next_due(hour, zone, due)
    assert local_day(following, zone) - local_day(due, zone) == timedelta(days=1)


def test_an_hour_that_is_jumped_over_into_the_next_day_is_still_that_day_s() -> None:
    """In Nuuk the clocks go from 2024-03-30 23:00 to 2024-03-31 00:00."""
    due = next_due(23, "America/Nuuk", utc(2024, 3, 30, 12))
    assert (local_time(due, "America/Nuuk"), local_day(due, "America/Nuuk")) == ("00:00", date(2024, 3, 31))
    assert due_day(due, 23, "America/Nuuk") == date(2024, 3, 30)
    assert due_day(next_due(23, "America/Nuuk", due), 23, "America/Nuuk") == date(2024, 3, 31)


def test_a_day_that_the_calendar_leaves_out_is_not_due() -> None:
    """Samoa had no 2011-12-30, a Friday."""
    due = next_due(8, "Pacific/Apia", utc(2011, 12, 29, 19), lambda day: day.weekday() == 4)
    assert due_day(due, 8, "Pacific/Apia") == date(2012, 1, 6)


def test_the_local_day_is_the_reader_s() -> None:
    assert local_day(utc(2026, 11, 21, 23), "Asia/Tokyo") == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Europe/Berlin", True),
        ("UTC", True),
        ("Europe", False),
        ("Mars/Base", False),
        ("../etc/passwd", False),
    ],
)
def test_only_iana_names_are_zones(name: str, known: bool) -> None:
    assert is_zone(name) is known

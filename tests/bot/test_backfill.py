from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polling.backfill import LONGEST_OUTAGE, BackfillError, first_day, first_unsettled, read_span
from sources.days import SETTLES_AFTER, end_of

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("words", "days"), [("30d", 30), ("30", 30), ("4w", 28), (" 2 W ", 14), ("0", 0), ("3650d", 3650)]
)
def test_a_span_is_days_or_weeks(words: str, days: int) -> None:
    assert read_span(words) == days * DAY


@pytest.mark.parametrize("words", ["", "d", "-3", "1.5d", "a month", "3651d", "522w", "1e3", "٣", "9" * 5000])
def test_another_span_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(BackfillError, match="as in 30d or 4w"):
        read_span(words)


def test_a_first_poll_reads_back_from_today() -> None:
    assert first_day(NOW, 14 * DAY, None) == date(2026, 11, 6)


def test_after_an_outage_the_days_of_it_are_read_and_as_many_before_as_ever() -> None:
    """What came late to the lists before the outage is not lost either."""
    assert first_day(NOW, 14 * DAY, NOW - 20 * DAY) == date(2026, 10, 17)


def test_of_an_outage_of_years_ninety_days_are_read() -> None:
    assert first_day(NOW, 14 * DAY, NOW - 900 * DAY) == (NOW - LONGEST_OUTAGE).date()


def test_more_than_ninety_days_are_read_where_they_are_asked_for() -> None:
    assert first_day(NOW, 580 * DAY, None) == (NOW - 580 * DAY).date()
    assert first_day(NOW, 580 * DAY, NOW - 10 * DAY) == (NOW - 580 * DAY).date()


@given(backfill=st.integers(0, 3650), away=st.integers(-100, 5000))
def test_no_day_of_the_backfill_is_ever_left_out(backfill: int, away: int) -> None:
    """Whatever the last reading was, one in the future of a wrong clock among it."""
    first = first_day(NOW, backfill * DAY, NOW - away * DAY)
    assert first <= NOW.date() - backfill * DAY
    assert first >= NOW.date() - max(backfill * DAY, LONGEST_OUTAGE)


def test_a_list_is_looked_at_once_more_on_the_day_that_it_settles() -> None:
    """However short the backfill is: what came to it last would be missed otherwise."""
    settles = end_of(date(2026, 11, 1)) + SETTLES_AFTER
    assert first_unsettled(settles) == first_unsettled(settles + DAY - HOUR) == date(2026, 11, 1)
    assert first_unsettled(settles + DAY) == date(2026, 11, 2)


def test_days_are_those_of_utc() -> None:
    """Wherever the clock stands."""
    late = datetime(2026, 11, 21, 0, 30, tzinfo=UTC).astimezone()
    assert first_day(late, timedelta(), None) == date(2026, 11, 21)

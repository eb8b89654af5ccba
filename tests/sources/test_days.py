"""Which days are listed, and when a reading of each is due again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from sources.days import end_of, list_days
from sources.values import Listing

NOON = datetime(2025, 11, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
moments = st.datetimes(datetime(2025, 11, 1), datetime(2025, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001


def _listing(day: date, now: datetime) -> Listing:
    return next(listing for listing in list_days(day, now) if listing.day == day)


def _is_due(day: date, read_at: datetime, now: datetime) -> bool:
    return _listing(day, now).is_due(None, read_at, now)


def test_days_are_listed_from_today_back() -> None:
    """Both ends are there, each by its name, and what is newest is read first."""
    names = [listing.name for listing in list_days(date(2025, 11, 12), NOON)]
    assert names == ["2025-11-14", "2025-11-13", "2025-11-12"]


def test_nothing_is_listed_of_the_future() -> None:
    """There is no list of a day that has not begun."""
    assert list_days(date(2025, 11, 15), NOON) == []


def test_a_day_is_one_in_utc() -> None:
    """Wherever the clock stands."""
    tokyo = datetime(2025, 11, 15, 8, tzinfo=timezone(9 * HOUR))
    assert list_days(date(2025, 11, 14), tokyo)[0].day == date(2025, 11, 14)


def test_only_today_is_due_at_each_poll() -> None:
    """A poll where nothing has changed asks once."""
    read_at = NOON - timedelta(minutes=1)
    due = [
        listing.name for listing in list_days(date(2025, 10, 1), NOON) if listing.is_due(None, read_at, NOON)
    ]
    assert due == ["2025-11-14"]


def test_older_days_are_due_more_seldom() -> None:
    """Yesterday's list is read every two hours, one from before that every six."""
    yesterday, before = date(2025, 11, 13), date(2025, 11, 12)
    for day, hours in ((yesterday, 2), (before, 6)):
        assert not _is_due(day, NOON - hours * HOUR + timedelta(seconds=1), NOON)
        assert _is_due(day, NOON - hours * HOUR, NOON)


def test_a_day_settles_eight_days_after_its_end() -> None:
    """One that was last read before that is read once more, however late; then never again."""
    day = date(2025, 10, 1)
    settled = end_of(day) + timedelta(days=8)
    assert _is_due(day, settled - timedelta(seconds=1), NOON)
    assert not _is_due(day, settled, NOON)


@given(moments, st.integers(0, 3_000), st.integers(0, 3_000))
def test_what_was_read_before_a_days_end_is_read_again_at_once(
    now: datetime, before: int, behind: int
) -> None:
    """However close to midnight the two polls are, what came between them is not waited for."""
    day = (now - timedelta(days=1)).date()
    read_at, now = end_of(day) - timedelta(seconds=before), end_of(day) + timedelta(seconds=behind)
    assert _is_due(day, read_at, now)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=12)), st.timedeltas(timedelta(0), timedelta(1)))
def test_patience_never_outlasts_six_hours_of_a_day_that_is_not_settled(
    now: datetime, age: timedelta, since_read: timedelta
) -> None:
    """Whatever the clock shows, a growing list is never left alone for longer."""
    day, read_at = (now - age).date(), now - since_read
    if since_read >= 6 * HOUR and read_at < end_of(day) + timedelta(days=8):
        assert _is_due(day, read_at, now)


def test_a_reading_of_the_future_tells_nothing() -> None:
    """It is of a clock that was wrong; else the day would count as settled, and what came to it be lost."""
    for day in (date(2025, 11, 14), date(2025, 11, 12), date(2025, 10, 1)):
        assert _is_due(day, NOON + timedelta(days=20), NOON)

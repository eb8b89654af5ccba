"""Which days of a reader are due, and when the next one is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.timetable.rhythm import LOOK_BACK, NOTHING_DUE, DaysDue, days_due, reschedule
from storage.readers import Reader, ReaderState

MAX_LATE = timedelta(hours=12)
DUE = datetime(2026, 6, 1, 8, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
READER = Reader(chat_id=7, kind="private", hour=8, timezone="UTC", next_due_at=DUE)


def test_nothing_is_due_before_the_hour() -> None:
    assert days_due(READER, DUE - timedelta.resolution, MAX_LATE) == NOTHING_DUE


@pytest.mark.parametrize(("late", "is_open"), [(MAX_LATE, True), (MAX_LATE + timedelta.resolution, False)])
def test_a_day_is_open_until_it_is_too_late(late: timedelta, is_open: bool) -> None:
    due = days_due(READER, DUE + late, MAX_LATE)
    assert (due.open, due.late) == ((DUE.date(), ()) if is_open else (None, (DUE.date(),)))


def test_the_newest_of_several_days_alone_is_open_however_patient_the_owner() -> None:
    due = days_due(READER, DUE + 2 * DAY, max_late=timedelta(days=9))
    assert due == DaysDue((date(2026, 6, 1), date(2026, 6, 2)), date(2026, 6, 3), DUE + 2 * DAY)


def test_a_sleep_of_years_does_not_fill_the_ledger() -> None:
    due = days_due(READER, DUE + timedelta(days=3650), MAX_LATE)
    assert len(due.late) + 1 == LOOK_BACK.days
    assert due.open == (DUE + timedelta(days=3650)).date()


def test_a_day_that_is_not_wanted_any_more_is_not_due() -> None:
    assert days_due(replace(READER, days=0b1111110), DUE, MAX_LATE) == NOTHING_DUE
    assert days_due(replace(READER, quiet_until=DUE.date()), DUE, MAX_LATE) == NOTHING_DUE


def test_what_is_owed_stays_due_when_settings_change() -> None:
    """The hour has come, and the bot has not looked yet."""
    changed = reschedule(replace(READER, hour=20), DUE)
    assert changed.next_due_at == DUE


def test_a_day_that_is_owed_has_one_digest_though_its_new_hour_has_come_as_well() -> None:
    due = days_due(replace(READER, hour=9), DUE + timedelta(hours=2), MAX_LATE)
    assert (due.late, due.open) == ((), DUE.date())


@pytest.mark.parametrize(
    "away", [{"state": ReaderState.PAUSED}, {"hour": None}, {"timezone": None}, {"days": 0}]
)
def test_who_wants_nothing_is_owed_nothing(away: dict[str, object]) -> None:
    assert reschedule(replace(READER, **away), DUE).next_due_at is None


def test_a_day_that_had_its_digest_is_passed_over() -> None:
    before = replace(READER, next_due_at=None)
    assert reschedule(before, DUE - DAY, last_day=DUE.date()).next_due_at == DUE + DAY

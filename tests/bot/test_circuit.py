from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polling.circuit import LONGEST_REST, LONGEST_WISH, PATIENCE, SHORTEST_REST, resting_until, settle
from bot.polling.polled import DumpReport, SourceReport
from storage.polls import Poll

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
KNOWN = Poll("list", NOW - HOUR, NOW - HOUR)
WELL = SourceReport("list", (DumpReport("a"),), answers=1)
DOWN = SourceReport("list", (DumpReport("a", error="a is out of order"),))
PARTLY = SourceReport("list", (DumpReport("a", error="a is out of order"), DumpReport("b")), answers=1)


def after(*reports: SourceReport, draw: float = 0.0) -> Poll:
    poll = KNOWN
    for report in reports:
        poll = settle(poll, report, NOW, draw)
    return poll


def rest_after(failures: int, draw: float = 0.0) -> timedelta:
    retry_at = after(*[DOWN] * failures, draw=draw).retry_at
    return retry_at - NOW if retry_at else timedelta()


def test_two_failures_in_a_row_leave_a_source_as_it_was() -> None:
    assert [rest_after(failures) for failures in range(PATIENCE)] == [timedelta()] * PATIENCE


def test_a_source_rests_from_the_third_failure_on_twice_as_long_each_time_up_to_six_hours() -> None:
    minutes = [rest_after(failures) / timedelta(minutes=1) for failures in range(3, 10)]
    assert minutes == [30, 60, 120, 240, 360, 360, 360]


@given(failures=st.integers(PATIENCE, 100_000), draw=st.floats(0, 1, exclude_max=True))
def test_chance_shortens_a_rest_by_a_quarter_at_most(failures: int, draw: float) -> None:
    """So that the many sources, or bots, of one outage do not all come back in the same second."""
    known = Poll("list", NOW, failures=failures - 1)
    rested = settle(known, DOWN, NOW, draw).retry_at
    assert rested
    full = rest_after(min(failures, 10))
    assert full * 0.75 <= rested - NOW <= full
    assert SHORTEST_REST * 0.75 <= rested - NOW <= LONGEST_REST


def test_a_success_ends_the_failures_and_the_rest() -> None:
    poll = after(DOWN, DOWN, DOWN, WELL)
    assert (poll.failures, poll.retry_at, poll.why, poll.reached_at) == (0, None, None, NOW)


def test_a_source_that_answers_in_part_is_up_but_was_not_read_in_full() -> None:
    poll = after(DOWN, DOWN, PARTLY)
    assert (poll.failures, poll.retry_at) == (0, None)
    assert (poll.why, poll.reached_at) == ("a is out of order", KNOWN.reached_at)


def test_new_papers_are_noted_and_none_take_nothing_back() -> None:
    brought = SourceReport("list", (DumpReport("a"),), answers=1, added=2)
    assert after(brought).added_at == NOW
    assert settle(after(brought), WELL, NOW + HOUR, 0.0).added_at == NOW


@pytest.mark.parametrize("report", [DOWN, PARTLY])
def test_a_source_that_asks_to_be_left_alone_is_from_the_first_time_on(report: SourceReport) -> None:
    asked = SourceReport("list", report.dumps, answers=report.answers, wait=2 * HOUR)
    poll = after(asked)
    assert poll.retry_at == NOW + 2 * HOUR
    assert poll.retry_asked


def test_nobody_can_ask_to_be_left_alone_for_more_than_a_day() -> None:
    asked = SourceReport("list", DOWN.dumps, wait=timedelta(days=400))
    assert after(asked).retry_at == NOW + LONGEST_WISH


def test_the_longer_of_the_wish_and_the_rest_counts() -> None:
    asked = SourceReport("list", DOWN.dumps, wait=timedelta(minutes=1))
    poll = after(DOWN, DOWN, DOWN, asked)
    assert poll.retry_at == NOW + HOUR
    assert not poll.retry_asked


def test_a_rest_is_over_at_its_end() -> None:
    poll = after(DOWN, DOWN, DOWN)
    assert poll.retry_at
    assert resting_until(poll, poll.retry_at - timedelta(seconds=1)) == poll.retry_at
    assert resting_until(poll, poll.retry_at) is None


def test_by_hand_only_what_the_source_itself_asked_for_holds() -> None:
    ours, theirs = after(DOWN, DOWN, DOWN), after(SourceReport("list", DOWN.dumps, wait=HOUR))
    assert resting_until(ours, NOW, by_hand=True) is None
    assert resting_until(theirs, NOW, by_hand=True) == NOW + HOUR


def test_a_rest_that_a_wrong_clock_wrote_down_holds_nobody() -> None:
    """Nothing rests for longer than a day: once the clock is put back, the source is asked."""
    for report in (DOWN, SourceReport("list", DOWN.dumps, wait=HOUR)):
        poll = after(DOWN, DOWN, report)
        assert resting_until(poll, NOW) == poll.retry_at
        assert resting_until(poll, NOW - timedelta(days=30)) is None

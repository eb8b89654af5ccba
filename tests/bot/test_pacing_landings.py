"""As Telegram counts: whatever delays messages on their way, no second sees too many arrive."""

from __future__ import annotations

import itertools
from heapq import heappop, heappush

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing.landings import MOST_DELAY, Departure, Landings
from bot.pacing.spacing import Spacing

THERE, BACK = 0.02, 0.03  # seconds that the way takes at least
HALF = st.floats(0, MOST_DELAY / 2)


@given(delays=st.lists(st.tuples(HALF, HALF), max_size=80), rate=st.sampled_from([3, 10, 30]))
def test_no_second_sees_too_many_arrive(delays: list[tuple[float, float]], rate: int) -> None:
    """Whatever each message is delayed, on the way there or back, after a first one that was not."""
    arrivals = sorted(send_all(Spacing(rate), [(0.0, 0.0), *delays, *delays]))
    assert all(later - earlier >= 1 for earlier, later in zip(arrivals, arrivals[rate:], strict=False))


def test_a_long_way_costs_nothing() -> None:
    """Where every message takes as long, the rate is that of the turns."""
    arrivals = send_all(Spacing(30), [(0.2, 0.3)] * 300)
    assert (len(arrivals) - 1) / (arrivals[-1] - arrivals[0]) > 30 * 0.98


def test_what_telegram_ponders_over_stops_nobody() -> None:
    """Of an answer that takes ten seconds, as a large file's does, hardly anything counts as delay."""
    landings = Landings(1)
    quick = landings.depart(0.0)
    landings.note_return(quick, 0.05)
    slow = landings.depart(2.0)
    landings.note_return(slow, 12.0)
    assert landings.ready_at <= 3.1


def test_what_left_before_holds_on_when_it_is_no_more_among_the_latest() -> None:
    """One that was long on its way and landed after those behind it still counts in its second."""
    landings = Landings(2)
    landings.note_return(landings.depart(-5.0), -4.98)
    delayed = landings.depart(0.0)
    landings.note_return(delayed, 0.07)  # landed at 0.05
    for moment in (0.01, 0.02):
        landings.note_return(landings.depart(moment), moment + 0.02)
    assert landings.ready_at == pytest.approx(1.052)


def test_without_a_limit_nothing_is_waited_for() -> None:
    """Departures are counted only where there is a limit."""
    landings = Landings(None)
    for _ in range(100):
        landings.note_return(landings.depart(0.0), 10.0)
    assert landings.ready_at < 0


def send_all(spacing: Spacing, delays: list[tuple[float, float]]) -> list[float]:
    """Send messages as soon as their turns come, and tell when they arrived."""
    now, arrivals = 0.0, []
    returns: list[tuple[float, int, Departure]] = []
    numbers = itertools.count()
    for there, back in delays:
        while True:
            now = max(now, spacing.ready_at)
            if not returns or returns[0][0] > now:
                break
            when, _, departure = heappop(returns)
            spacing.note_return(departure, when)
        arrivals.append(now + THERE + there)
        heappush(returns, (arrivals[-1] + BACK + back, next(numbers), spacing.take(now)))
    return arrivals

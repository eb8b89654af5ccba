from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing.purses import Budget, Purses, Spending

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BUDGET = Budget(most=10, per_second=1)


def spend_all(purses: Purses, times: int, now: datetime = NOW) -> list[Spending]:
    return [purses.spend(1, 1, now) for _ in range(times)]


def test_a_full_purse_pays_all_that_it_holds_and_refuses_the_first_beyond_it_aloud() -> None:
    said = spend_all(Purses(BUDGET), 13)
    assert said == [Spending.PAID] * 10 + [Spending.REFUSED] + [Spending.STILL_REFUSED] * 2


def test_an_empty_purse_stays_shut_until_it_is_half_full() -> None:
    purses = Purses(BUDGET)
    spend_all(purses, 11)
    assert purses.spend(1, 1, NOW + timedelta(seconds=4.9)) is Spending.STILL_REFUSED
    assert spend_all(purses, 6, NOW + timedelta(seconds=5)) == [Spending.PAID] * 5 + [Spending.REFUSED]


def test_nobody_pays_for_another() -> None:
    purses = Purses(BUDGET)
    spend_all(purses, 11)
    assert purses.spend(2, 1, NOW) is Spending.PAID


def test_a_clock_set_back_neither_fills_a_purse_nor_keeps_it_shut() -> None:
    purses, earlier = Purses(BUDGET), NOW - timedelta(hours=1)
    spend_all(purses, 11)
    assert purses.spend(1, 1, earlier) is Spending.STILL_REFUSED
    assert purses.spend(1, 1, earlier + timedelta(seconds=5)) is Spending.PAID


def test_no_more_purses_are_kept_than_there_is_room_for() -> None:
    """The one longest unheard of goes."""
    purses = Purses(BUDGET, most_purses=3)
    for owner in (1, 2, 3, 1, 4):
        purses.spend(owner, 5, NOW)
    assert len(purses) == 3
    assert purses.spend(1, 1, NOW) is Spending.REFUSED
    assert purses.spend(2, 10, NOW) is Spending.PAID


@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from([1, 2, 5])), max_size=60))
def test_never_is_more_paid_than_was_there_and_came_back(wishes: list[tuple[float, int]]) -> None:
    purses, now, paid = Purses(BUDGET), NOW, 0
    for pause, price in wishes:
        now += timedelta(seconds=pause)
        paid += price if purses.spend(1, price, now) is Spending.PAID else 0
        assert paid <= BUDGET.most + (now - NOW).total_seconds() * BUDGET.per_second + 1e-6

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.diversity import NOTHING
from recommender.exploration import BREADTH, SHARE, Exploration, Floats, explore, explore_for_each

numbers = st.floats(-1, 1).map(lambda number: round(number, 3))


@st.composite
def offers(draw: st.DrawFn) -> tuple[Floats, Floats, set[int]]:
    """Draw scores, doubts, and the places picked already."""
    n = draw(st.integers(1, 30))
    column = arrays(np.float64, n, elements=numbers)
    return draw(column), draw(column), draw(st.sets(st.integers(0, n - 1)))


def test_two_candidates_by_hand() -> None:
    """Scores and doubts one deviation above and below: optimism 2 and -2, so e^4 to 1 within the share."""
    scores, doubts = np.array([0.3, 0.1]), np.array([9.0, 5.0])
    likely, rare = 0.5 / (1 + math.exp(-4)), 0.5 / (1 + math.exp(4))
    assert explore(scores, doubts, (), 0.0, 0.5) == Exploration(0, pytest.approx(likely))
    assert explore(scores, doubts, (), likely - 1e-9, 0.5) == Exploration(0, pytest.approx(likely))
    assert explore(scores, doubts, (), likely + 1e-9, 0.5) == Exploration(1, pytest.approx(rare))
    assert explore(scores, doubts, (), 0.5, 0.5) is None


@given(offers(), st.floats(0.05, 1))
def test_frequencies_are_the_propensities(offer: tuple[Floats, Floats, set[int]], share: float) -> None:
    """Over an even grid of draws each candidate is shown as often as its propensity says, none otherwise."""
    grid = (np.arange(400) + 0.5) / 400
    shown = [explore(*offer, draw, share) for draw in grid]
    counts = Counter(exploration for exploration in shown if exploration)
    for exploration, count in counts.items():
        assert count / 400 == pytest.approx(exploration.propensity, abs=1 / 200)
    expected = share if len(offer[2]) < len(offer[0]) else 0
    assert counts.total() / 400 == pytest.approx(expected, abs=1 / 200)


@given(offers(), st.floats(0, 1, exclude_max=True))
def test_what_is_picked_already_is_not_explored(offer: tuple[Floats, Floats, set[int]], draw: float) -> None:
    """At most one candidate, from outside the picks, with a chance above 0 and at most 1."""
    found = explore(*offer, draw, 1.0)
    left = set(range(len(offer[0]))) - offer[2]
    assert (found is None) == (not left)
    if found:
        assert found.place in left
        assert 0 < found.propensity <= 1


def test_promise_and_doubt_both_draw() -> None:
    """Of candidates alike in all else, the better one and the less known one are drawn more often."""
    level, one_up = np.zeros(4), np.array([0.0, 0.0, 1.0, 0.0])
    for scores, doubts in [(one_up, level), (level, one_up)]:
        first = explore(scores, doubts, (), 0.0)
        assert first is not None
        assert first.place == 2
        assert first.propensity > SHARE / 4


def test_only_the_most_promising_are_drawn_from() -> None:
    """However many candidates there are, no propensity gets lost among the hopeless."""
    scores = np.linspace(1, 0, 200)
    drawn = [explore(scores, np.zeros(200), {0}, draw, 1.0) for draw in np.linspace(0, 0.9999, 500)]
    assert {found.place for found in drawn if found} == set(range(1, BREADTH + 1))
    assert min(found.propensity for found in drawn if found) > 0.01


def test_equal_candidates_are_equally_likely() -> None:
    """Nothing known of anyone: each has the same part of the share."""
    drawn = [explore(np.zeros(5), np.zeros(5), (), draw) for draw in np.linspace(0, SHARE - 1e-6, 25)]
    assert [found.place for found in drawn if found] == [place for place in range(5) for _ in range(5)]
    assert all(found.propensity == pytest.approx(SHARE / 5) for found in drawn if found)


@pytest.mark.parametrize("n", range(1, BREADTH + 1))
def test_the_last_draw_within_the_share_still_shows_one(n: int) -> None:
    """Rounding in adding up the chances loses no draw, and a draw on an edge is the later candidate's."""
    doubts = np.sqrt(np.arange(float(n)))
    assert explore(doubts, doubts, (), math.nextafter(SHARE, 0)) is not None
    assert explore(np.zeros(2), np.zeros(2), (), 0.5, 1.0) == Exploration(1, 0.5)


def test_nothing_left_or_never_asked_is_no_exploration() -> None:
    """No candidates, none outside the picks, or a share of zero give None."""
    assert explore(np.zeros(0), np.zeros(0), (), 0.0, 1.0) is None
    assert explore(np.zeros(2), np.zeros(2), (0, 1), 0.0, 1.0) is None
    assert explore(np.zeros(2), np.zeros(2), (), 0.0, 0.0) is None


@given(st.lists(st.tuples(offers(), st.floats(0, 1, exclude_max=True)), max_size=4))
def test_readers_have_a_row_each(readers: list[tuple[tuple[Floats, Floats, set[int]], float]]) -> None:
    """Many readers at once get what each gets alone, whoever is left for the others."""
    shape = len(readers), 30
    scores, doubts, left = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    for row, ((scored, doubted, picked), _) in enumerate(readers):
        scores[row, : len(scored)], doubts[row, : len(scored)] = scored, doubted
        left[row, [place for place in range(len(scored)) if place not in picked]] = True
    places, propensities = explore_for_each(
        scores, doubts, left, np.array([draw for _, draw in readers]), 0.5
    )
    for row, (offer, draw) in enumerate(readers):
        alone = explore(*offer, draw, 0.5)
        expected = (alone.place, pytest.approx(alone.propensity)) if alone else (NOTHING, 0)
        assert (places[row], propensities[row]) == expected

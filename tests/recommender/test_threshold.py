from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.threshold import LEAST_RECENT, Floats, Percentile, percentiles

HUNDRED = np.arange(100.0)
scores = st.sampled_from([-1.0, -0.2, 0.0, 0.1, 0.1000001, 0.5, 1.0])
many = arrays(np.float64, st.integers(LEAST_RECENT, 60), elements=scores)
some = arrays(np.float64, st.integers(0, 12), elements=scores)


def test_a_percentile_is_the_share_below_and_half_of_the_equal() -> None:
    """Worked by hand: of 1, 2, 2, 4 a 2 has one below and two equal, a 3 has three below."""
    assert percentiles(np.array([0, 1, 2, 3, 4, 9]), np.array([4, 2, 1, 2])).tolist() == [
        0, 12.5, 50, 75, 87.5, 100,
    ]  # fmt: skip


def test_the_threshold_itself_passes() -> None:
    """At least the percentile is enough, and a hair below is not."""
    assert Percentile(90.5).passes(np.array([90.0, 89.0]), HUNDRED).tolist() == [True, False]


def test_nothing_strong_is_an_answer() -> None:
    """Where no candidate reaches the percentile none passes; of no candidates none does."""
    assert not Percentile(90).passes(np.array([3.0, 40.0]), HUNDRED).any()
    assert Percentile(90).passes(np.array([]), HUNDRED).tolist() == []


def test_where_all_score_the_same_nothing_stands_out() -> None:
    """Ties count half, so that a reader of whom nothing is known has no strong candidates."""
    assert not Percentile(51).passes(np.zeros(5), np.zeros(50)).any()
    assert Percentile(50).passes(np.zeros(5), np.zeros(50)).all()


@pytest.mark.parametrize(("recent", "passes"), [(0, True), (LEAST_RECENT - 1, True), (LEAST_RECENT, False)])
def test_few_recent_papers_set_no_threshold(recent: int, passes: bool) -> None:
    """A percentile among a handful means nothing."""
    assert Percentile(90).passes(np.array([-1.0]), np.zeros(recent)).tolist() == [passes]


@given(some, many, st.floats(0, 100))
def test_a_higher_score_never_fails_where_a_lower_one_passes(
    candidates: Floats, recent: Floats, percentile: float
) -> None:
    """The threshold is one cut through the scores."""
    passed = Percentile(percentile).passes(candidates, recent)
    assert candidates[passed].min(initial=2) > candidates[~passed].max(initial=-2)


@given(some, many, st.floats(0, 100), st.floats(0, 100))
def test_a_higher_threshold_passes_no_more(
    candidates: Floats, recent: Floats, one: float, other: float
) -> None:
    """What passes the stricter threshold passes the looser one."""
    strict, loose = (
        Percentile(least).passes(candidates, recent) for least in (max(one, other), min(one, other))
    )
    assert (loose >= strict).all()
    assert Percentile(0).passes(candidates, recent).all()


@given(some, many, st.floats(0, 100))
def test_the_cut_is_where_the_percentile_says(candidates: Floats, recent: Floats, percentile: float) -> None:
    """What passes is, by definition, what stands at the percentile or above."""
    expected = percentiles(candidates, recent) >= percentile
    assert Percentile(percentile).passes(candidates, recent).tolist() == expected.tolist()
    edges = percentiles(recent, recent)
    for edge in edges:
        assert Percentile(edge).passes(recent, recent).tolist() == (edges >= edge).tolist()


@given(st.data(), st.integers(1, 4), st.integers(0, 30), st.floats(0, 100))
def test_readers_have_a_row_each(data: st.DataObject, readers: int, papers: int, percentile: float) -> None:
    """Many readers at once get what each gets alone."""
    recent = data.draw(arrays(np.float64, (readers, papers), elements=scores))
    candidates = data.draw(arrays(np.float64, (readers, 5), elements=scores))
    threshold = Percentile(percentile)
    alone = [threshold.passes(*rows).tolist() for rows in zip(candidates, recent, strict=True)]
    assert threshold.passes(candidates, recent).tolist() == alone

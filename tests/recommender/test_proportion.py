from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.proportion import interval


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [(3, 5, 0.2307, 0.8824), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_worked_examples(hits: int, tries: int, low: float, high: float) -> None:
    """As Wilson's formula gives them by hand."""
    assert interval(hits, tries) == pytest.approx((low, high), abs=5e-4)


def test_nothing_tried_tells_nothing() -> None:
    """Without tries the share may be anything."""
    assert interval(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda tries: st.tuples(st.integers(0, tries), st.just(tries))))
def test_the_share_lies_within_and_more_tries_tell_more(counted: tuple[int, int]) -> None:
    """The interval holds what was seen, stays in 0 to 1, and ten times the tries make it narrower."""
    hits, tries = counted
    low, high = interval(hits, tries)
    assert 0 <= low <= hits / tries + 1e-12
    assert hits / tries - 1e-12 <= high <= 1
    narrow_low, narrow_high = interval(10 * hits, 10 * tries)
    assert narrow_high - narrow_low < high - low

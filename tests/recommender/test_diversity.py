from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.diversity import BREADTH, Floats, choose_diverse, choose_diverse_for_each

# The first two candidates are copies of one paper; the others have nothing to do with each other.
COPY = 25.0
ALIKE = np.full((4, 4), -1.0)
np.fill_diagonal(ALIKE, COPY)
ALIKE[0, 1] = ALIKE[1, 0] = COPY

few_scores = st.sampled_from([0.0, 0.5, 1.0, 5.0, -2.0])


@st.composite
def matrices(draw: st.DrawFn, size: int) -> Floats:
    drawn = draw(arrays(np.float64, (size, size), elements=st.sampled_from([-1.0, 0.0, 3.0, COPY])))
    return np.maximum(drawn, drawn.T)


def test_a_copy_gives_way_to_a_paper_nearly_as_good() -> None:
    """Two copies of one paper do not stand in one digest while something else is nearly as good."""
    assert choose_diverse(np.array([5.0, 4.9, 4.8, 0.0]), ALIKE, 2) == [0, 2]


def test_a_copy_is_seen_behind_other_choices() -> None:
    """A copy is measured against every paper chosen so far, not the last one only."""
    assert choose_diverse(np.array([5.0, 4.9, 4.8, 4.7]), ALIKE, 3) == [0, 2, 3]


def test_a_copy_stays_where_nothing_else_is_good() -> None:
    """Diversity is a small weight, not a rule."""
    assert choose_diverse(np.array([5.0, 4.9, 0.1, 0.0]), ALIKE, 2) == [0, 1]


def test_unlike_papers_are_no_better_than_strangers() -> None:
    """An affinity below zero is no bonus: the better score wins."""
    alike = np.array([[COPY, 0.0, -10.0], [0.0, COPY, 0.0], [-10.0, 0.0, COPY]])
    assert choose_diverse(np.array([5.0, 4.0, 3.9]), alike, 2) == [0, 1]


def test_choices_stand_by_score() -> None:
    """The best score comes first, whatever order the choices were made in."""
    assert choose_diverse(np.array([5.0, 4.9, 4.8, 0.0]), ALIKE, 3) == [0, 1, 2]


def test_equal_scores_stand_by_place() -> None:
    """Ties are stable."""
    assert choose_diverse(np.zeros(4), ALIKE, 4) == [0, 1, 2, 3]


@given(st.lists(few_scores, min_size=4, max_size=4), st.integers(1, 9))
def test_n_are_chosen_once_each_and_in_order(scores: list[float], n: int) -> None:
    """As many as asked or there, none twice, by score and then by place."""
    chosen = choose_diverse(np.array(scores), ALIKE, n)
    assert len(chosen) == min(n, 4)
    assert chosen == sorted(set(chosen), key=lambda place: (-scores[place], place))


@given(arrays(np.float64, (3, 7), elements=few_scores), matrices(7), st.integers(1, 9))
def test_many_readers_get_what_each_would_get_alone(scores: Floats, alike: Floats, n: int) -> None:
    """Row by row the choice for many is the choice for one."""
    shortlists = np.argsort(-scores, axis=1, kind="stable")[:, : n * BREADTH]
    best = np.take_along_axis(scores, shortlists, axis=1)
    chosen = choose_diverse_for_each(best, shortlists, alike, n)
    places = np.take_along_axis(shortlists, chosen, axis=1)
    assert places.tolist() == [choose_diverse(row, alike, n) for row in scores]

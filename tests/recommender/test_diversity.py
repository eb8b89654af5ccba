from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.diversity import choose_diverse
from recommender.features import FeatureSpace

TEXTS = [
    "video diffusion of noise",
    "video diffusion of noise",
    "robot grasping of towels",
    "protein folding",
]
VECTORS = FeatureSpace.fit(TEXTS).transform(TEXTS)


def test_a_copy_gives_way_to_a_paper_nearly_as_good() -> None:
    """Two copies of one paper do not stand in one digest while something else is nearly as good."""
    assert choose_diverse(np.array([0.20, 0.19, 0.18, 0.0]), VECTORS, 2) == [0, 2]


def test_a_copy_is_seen_behind_other_choices() -> None:
    """A copy is measured against every paper chosen so far, not the last one only."""
    assert choose_diverse(np.array([0.20, 0.19, 0.18, 0.17]), VECTORS, 3) == [0, 2, 3]


def test_a_copy_stays_where_nothing_else_is_good() -> None:
    """Diversity is a small weight, not a rule."""
    assert choose_diverse(np.array([0.20, 0.19, 0.01, 0.0]), VECTORS, 2) == [0, 1]


def test_choices_stand_by_score() -> None:
    """The best score comes first, whatever order the choices were made in."""
    assert choose_diverse(np.array([0.20, 0.19, 0.18, 0.0]), VECTORS, 3) == [0, 1, 2]


def test_equal_scores_stand_by_place() -> None:
    """Ties are stable."""
    assert choose_diverse(np.zeros(4), VECTORS, 4) == [0, 1, 2, 3]


@given(st.lists(st.sampled_from([0.0, 0.1, 0.5, -0.2]), min_size=4, max_size=4), st.integers(1, 9))
def test_n_are_chosen_once_each_and_in_order(scores: list[float], n: int) -> None:
    """As many as asked or there, none twice, by score and then by place."""
    chosen = choose_diverse(np.array(scores), VECTORS, n)
    assert len(chosen) == min(n, 4)
    assert chosen == sorted(set(chosen), key=lambda place: (-scores[place], place))

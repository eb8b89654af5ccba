from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.score import HALF_LIFE, PRIOR, SHARPNESS, Evidence, Floats, soft_maximum

cosines = st.floats(0, 1)
sides = st.integers(0, 6).flatmap(
    lambda papers: st.tuples(
        arrays(np.float64, (papers, 3), elements=cosines),
        arrays(np.float64, papers, elements=st.integers(1, 4).map(float)),
    ),
)


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    return Evidence(*draw(sides), *draw(sides), draw(arrays(np.float64, 3, elements=cosines)))


def weigh(likes: list[float], dislikes: list[float], prior: float) -> float:
    column = lambda rows: np.array(rows, dtype=np.float64).reshape(-1, 1)  # noqa: E731 - one line, used twice
    ones = lambda rows: np.ones(len(rows))  # noqa: E731 - the same
    return float(
        Evidence(column(likes), ones(likes), column(dislikes), ones(dislikes), np.array([prior])).scores()[0]
    )


def test_one_like_by_hand() -> None:
    """With one like the soft maximum is its cosine, averaged with the popularity that is left."""
    fame = PRIOR * math.sqrt(2)
    assert weigh([0.4], [], 0.5) == pytest.approx((0.4 + fame * 0.5) / (1 + fame))


def test_two_likes_by_hand() -> None:
    """The older like weighs half of half a life less, inside a logarithm of exponentials."""
    older = 0.5 ** (1 / HALF_LIFE)
    blend = (math.exp(SHARPNESS * 0.4) + older * math.exp(SHARPNESS * 0.1)) / (1 + older)
    fame = PRIOR * math.sqrt(3)
    assert weigh([0.4, 0.1], [], 0) == pytest.approx(2 * math.log(blend) / SHARPNESS / (2 + fame))


def test_dislikes_by_hand() -> None:
    """Four dislikes weigh as much as two likes."""
    fame = PRIOR * math.sqrt(3)
    assert weigh([], [0.3] * 4, 0.5) == pytest.approx((-2 * 0.3 + fame * 0.5) / (2 + fame))


def test_without_votes_the_score_is_the_popularity() -> None:
    """The prior is all there is where nobody voted."""
    assert weigh([], [], 0.7) == pytest.approx(0.7)


def test_the_prior_fades_as_votes_come_in() -> None:
    """What popularity can add to a score shrinks with every vote."""
    shares = [weigh([0.1] * likes, [], 1) - weigh([0.1] * likes, [], 0) for likes in (0, 1, 2, 5, 20, 100)]
    assert shares == sorted(shares, reverse=True)
    assert shares[1] < 0.03
    assert shares[-1] < 0.002


def test_a_recent_like_speaks_louder() -> None:
    """Of two candidates, each near to one like, the one near to the newer like wins."""
    assert weigh([0.4, 0.0], [], 0) > weigh([0.0, 0.4], [], 0)


def test_the_soft_maximum_lies_between_mean_and_maximum() -> None:
    """One near like says more than its share of a mean, and never more than itself."""
    rows: Floats = np.array([[0.9], [0.0], [0.0]])
    found = float(soft_maximum(rows, np.ones(3))[0])
    assert 0.3 < found < 0.9


@given(evidences())
def test_scores_are_bounded(evidence: Evidence) -> None:
    """An average over cosines and popularities stays between -1 and 1."""
    assert (np.abs(evidence.scores()) <= 1 + 1e-9).all()


@given(evidences())
def test_leaving_a_like_out_is_scoring_anew_without_it(evidence: Evidence) -> None:
    """The quick way to the scores without each like agrees with the long one, to rounding."""
    for candidate in range(3):
        quick = evidence.scores_without_each_like(candidate) if len(evidence.likes) else np.zeros(0)
        slow = [
            Evidence(
                np.delete(evidence.likes, like, axis=0),
                np.delete(evidence.like_counts, like),
                evidence.dislikes,
                evidence.dislike_counts,
                evidence.prior,
            ).scores()[candidate]
            for like in range(len(evidence.likes))
        ]
        assert quick.tolist() == pytest.approx(slow, abs=1e-9)

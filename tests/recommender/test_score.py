from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.score import HALF_LIFE, PRIOR, SHARPNESS, Evidence, Floats, soft_maximum

affinities = st.floats(-5, 60)
excesses = st.floats(0, 60)
popularities = st.floats(0, 1)


def sides(elements: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[Floats, Floats]]:
    """Draw rows of K for up to six papers and three candidates, and the votes for each paper."""
    return st.integers(0, 6).flatmap(
        lambda papers: st.tuples(
            arrays(np.float64, (papers, 3), elements=elements),
            arrays(np.float64, papers, elements=st.integers(1, 4).map(float)),
        ),
    )


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    prior = draw(arrays(np.float64, 3, elements=popularities))
    return Evidence(*draw(sides(affinities)), *draw(sides(excesses)), prior)


def weigh(likes: list[float], dislikes: list[float], prior: float) -> float:
    column = lambda rows: np.array(rows, dtype=np.float64).reshape(-1, 1)  # noqa: E731 - one line, used twice
    ones = lambda rows: np.ones(len(rows))  # noqa: E731 - the same
    return float(
        Evidence(column(likes), ones(likes), column(dislikes), ones(dislikes), np.array([prior])).scores()[0]
    )


def test_one_like_by_hand() -> None:
    """With one like the soft maximum is its affinity, averaged with the popularity that is left."""
    fame = PRIOR * math.sqrt(2)
    assert weigh([4.0], [], 0.5) == pytest.approx((4.0 + fame * 0.5) / (1 + fame))
    assert weigh([-0.7], [], 0.5) == pytest.approx((-0.7 + fame * 0.5) / (1 + fame))


def test_two_likes_by_hand() -> None:
    """The older like weighs half of half a life less, inside a logarithm of exponentials."""
    older = 0.5 ** (1 / HALF_LIFE)
    blend = (math.exp(SHARPNESS * 8) + older * math.exp(SHARPNESS * -0.5)) / (1 + older)
    fame = PRIOR * math.sqrt(3)
    assert weigh([8, -0.5], [], 0) == pytest.approx(2 * math.log(blend) / SHARPNESS / (2 + fame))


def test_dislikes_by_hand() -> None:
    """Four dislikes weigh as much as two likes."""
    fame = PRIOR * math.sqrt(3)
    assert weigh([], [3.0] * 4, 0.5) == pytest.approx((-2 * 3 + fame * 0.5) / (2 + fame))


def test_both_sides_by_hand() -> None:
    """Likes, the root of the dislikes and popularity are averaged by how many votes each is worth."""
    fame = PRIOR * math.sqrt(4)
    assert weigh([5.0, 5.0], [3.0], 0.5) == pytest.approx((2 * 5 - 3 + fame * 0.5) / (3 + fame))


def test_without_votes_the_score_is_the_popularity() -> None:
    """The prior is all there is where nobody voted."""
    assert weigh([], [], 0.7) == pytest.approx(0.7)


def test_the_prior_fades_as_votes_come_in() -> None:
    """What popularity can add to a score shrinks with every vote, and is soon far below what chance gives."""
    shares = [weigh([4.0] * likes, [], 1) - weigh([4.0] * likes, [], 0) for likes in (0, 1, 2, 5, 20, 100)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1
    assert shares[1] < 1 / 8
    assert shares[-1] < 1 / 100


def test_popularity_decides_only_between_papers_that_are_about_as_near() -> None:
    """All the fame there is weighs less than a seventh of what chance gives."""
    assert weigh([2.0], [], 1) > weigh([2.0], [], 0)
    assert weigh([2.0], [], 1) < weigh([2.0 + 1 / 7], [], 0)


def test_a_recent_like_speaks_louder() -> None:
    """Of two candidates, each near to one like, the one near to the newer like wins."""
    assert weigh([4.0, 0.0], [], 0) > weigh([0.0, 4.0], [], 0)


def test_the_soft_maximum_lies_between_mean_and_maximum() -> None:
    """One near like says more than its share of a mean, and never more than itself."""
    rows: Floats = np.array([[9.0], [0.0], [0.0]])
    found = float(soft_maximum(rows, np.ones(3))[0])
    assert 3.3 < found < 9


def test_a_near_like_is_heard_among_far_ones() -> None:
    """A paper near to one of two likes stands before one that is as near to both on average."""
    assert min(weigh([9.0, -1.0], [], 0), weigh([-1.0, 9.0], [], 0)) > weigh([4.0, 4.0], [], 0)


@given(evidences())
def test_scores_stay_within_what_was_said(evidence: Evidence) -> None:
    """An average is never beyond the greatest and least of what it averages, and always a number."""
    said = np.concatenate([evidence.likes, -evidence.dislikes, evidence.prior[np.newaxis]])
    scores = evidence.scores()
    assert (scores <= said.max(axis=0) + 1e-9).all()
    assert (scores >= said.min(axis=0) - 1e-9).all()


@given(evidences(), st.floats(0, 10))
def test_more_affinity_to_a_like_is_never_a_lower_score(evidence: Evidence, more: float) -> None:
    """What speaks for a candidate never speaks against it, nor the other way round."""
    nearer = replace(evidence, likes=evidence.likes + more)
    worse = replace(evidence, dislikes=evidence.dislikes + more)
    assert (nearer.scores() >= evidence.scores() - 1e-9).all()
    assert (worse.scores() <= evidence.scores() + 1e-9).all()


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
        assert quick.tolist() == pytest.approx(slow, abs=1e-8)


@given(evidences(), st.integers(0, 2))
def test_a_score_is_the_sum_of_its_parts(evidence: Evidence, candidate: int) -> None:
    """Nothing is left over, whichever way the votes point."""
    parts = evidence.take_apart(candidate)
    whole = parts.base + parts.likes.sum() + parts.dislikes.sum() + parts.popularity
    assert whole == pytest.approx(evidence.scores()[candidate], abs=1e-9)


@given(evidences(), st.integers(0, 2))
def test_a_part_points_the_way_of_its_vote(evidence: Evidence, candidate: int) -> None:
    """A like brings more than nothing where it resembles more than nothing; a dislike never brings any."""
    parts = evidence.take_apart(candidate)
    column = evidence.likes[:, candidate]
    clear = np.abs(column) > 1e-6
    assert (np.sign(parts.likes) == np.sign(column))[clear].all()
    assert (parts.dislikes <= 0).all()
    assert parts.popularity >= 0

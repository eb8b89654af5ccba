from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize
from scipy.special import expit

from recommender.calibration import MIN_VOTES, RIDGE, Bools, Calibration, Floats, Likely, calibrate

HALF = np.arange(MIN_VOTES) % 2 == 0
measures = st.one_of(st.floats(-1, 1), st.floats(0, 100), st.floats(-1e9, 1e9))


@st.composite
def votes(draw: st.DrawFn) -> tuple[Floats, Bools]:
    """Draw measures and votes, of both kinds."""
    n = draw(st.integers(MIN_VOTES, MIN_VOTES + 20))
    liked = draw(arrays(np.bool_, n))
    liked[:2] = [True, False]
    return draw(arrays(np.float64, n, elements=measures)), liked


def fitted(shown: Floats, liked: Bools) -> Calibration:
    found = calibrate(shown, liked)
    assert found is not None
    return found


@pytest.mark.parametrize(("slope", "middle"), [(0.08, 70.0), (0.02, 95.0), (12.0, 0.3)])
def test_a_known_curve_is_recovered(slope: float, middle: float) -> None:
    """Votes drawn from a sigmoid give that sigmoid back, within three points of chance."""
    random = np.random.default_rng(4)
    shown = random.uniform(middle - 4 / slope, middle + 4 / slope, 8_000)
    liked = random.random(8_000) < expit(slope * (shown - middle))
    asked = np.linspace(middle - 4 / slope, middle + 4 / slope, 41)
    assert np.abs(fitted(shown, liked).chances(asked) - expit(slope * (asked - middle))).max() < 0.03


def test_the_fit_is_where_the_formula_says() -> None:
    """The loss of Platt's targets with a ridge is least at the fitted numbers, by another optimiser."""
    random = np.random.default_rng(5)
    shown = random.normal(size=60)
    liked = random.random(60) < expit(shown)
    ups = int(liked.sum())
    targets = np.where(liked, (ups + 1) / (ups + 2), 1 / (62 - ups))
    spread = shown.std()

    def loss(point: Floats) -> float:
        logits = point[0] * shown + point[1]
        ridge = RIDGE / 2 * (point[0] * spread) ** 2
        return float(np.logaddexp(0, logits).sum() - targets @ logits + ridge)

    slope, offset = minimize(loss, np.zeros(2), tol=1e-9).x
    assert (fitted(shown, liked).slope, fitted(shown, liked).offset) == pytest.approx(
        (slope, offset), abs=1e-4
    )


def test_a_steep_start_is_not_overshot() -> None:
    """Votes that one measure parts cleanly, with an outlier far off, still end at a fit."""
    shown = np.append(np.linspace(0, 1, 60), 1e4)
    found = fitted(shown, np.append(np.arange(60) >= 58, True))
    assert found.slope > 0
    assert found.chances(np.array([1e4]))[0] > 0.5 > found.chances(np.array([0.0]))[0]


@given(votes(), arrays(np.float64, 9, elements=measures))
def test_chances_rise_with_the_measure_and_are_never_certain(
    votes: tuple[Floats, Bools], asked: Floats
) -> None:
    """Whatever the votes: no chance of 0 or 1, none lower for a higher measure."""
    chances = fitted(*votes).chances(np.sort(asked))
    assert (np.diff(chances) >= 0).all()
    assert ((chances > 0) & (chances < 1)).all()


@given(votes())
def test_the_unit_of_the_measure_is_irrelevant(votes: tuple[Floats, Bools]) -> None:
    """Scores and percentiles fit alike: a thousandfold measure gives the same chances."""
    shown, liked = np.round(votes[0], 3), votes[1]
    small, large = fitted(shown, liked), fitted(1_000 * shown, liked)
    assert small.chances(shown) == pytest.approx(large.chances(1_000 * shown), abs=1e-4)


def test_what_likes_speak_against_is_flat() -> None:
    """Where lower measures were liked more, all chances are the share of likes, not a falling curve."""
    chances = fitted(np.arange(60.0), np.arange(60) < 20).chances(np.array([0.0, 30.0, 60.0]))
    assert chances.tolist() == pytest.approx([1 / 3] * 3, abs=0.02)


@pytest.mark.parametrize("measure", [0.0, 0.1, 99.9])
def test_measures_that_are_all_the_same_give_the_share_of_likes(measure: float) -> None:
    """Nothing to tell votes apart by: one chance for all."""
    chances = fitted(np.full(MIN_VOTES, measure), HALF).chances(np.array([measure, 50.0]))
    assert chances.tolist() == pytest.approx([0.5, 0.5], abs=0.01)


@pytest.mark.parametrize(
    "liked",
    [np.array([], dtype=bool), HALF[:-1], np.ones(MIN_VOTES, dtype=bool), np.zeros(MIN_VOTES, dtype=bool)],
    ids=["none", "one too few", "only likes", "only dislikes"],
)
def test_too_little_is_no_calibration(liked: Bools) -> None:
    """Below the least number of votes, or with votes all one way, there is none."""
    assert calibrate(np.arange(float(len(liked))), liked) is None
    assert calibrate(np.arange(float(MIN_VOTES)), HALF) is not None


def test_few_votes_claim_little() -> None:
    """After fifty votes no chance is beyond 51 in 52, however far the measure."""
    found = fitted(np.arange(50.0), np.arange(50) >= 25)
    assert found.chances(np.array([-1e6, 1e6])).tolist() == pytest.approx([1 / 52, 51 / 52])


def test_half_as_likely_as_usual_is_the_threshold() -> None:
    """Where a third of what is shown is liked, a sixth is enough; it is one cut through the scores."""
    measures, liked = np.arange(60.0), np.arange(60) >= 40
    threshold = Likely.learned(measures, liked)
    assert threshold is not None
    assert threshold.least == pytest.approx(1 / 6)
    chances = fitted(measures, liked).chances(measures)
    assert threshold.passes(measures, np.array([])).tolist() == (chances >= 1 / 6).tolist()
    assert 0 < threshold.passes(measures, np.array([])).sum() < 60


def test_too_little_is_no_threshold_by_chance() -> None:
    """No votes at all, or one too few."""
    assert Likely.learned(np.array([]), np.array([], dtype=bool)) is None
    assert Likely.learned(np.arange(float(MIN_VOTES - 1)), HALF[:-1]) is None

"""The chance that a reader likes what is shown, learned from the picks that were shown and voted on.

Only votes count: a pick that nobody voted on says nothing here, for silence is no dislike. Two numbers are
learned, so that a few dozen votes are enough and a higher measure never means a lower chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]

MIN_VOTES = 50
# The weight of the prior on the slope, whose measure has a spread of one: a normal of variance 1 / RIDGE.
RIDGE = 1.0
# What is less than half as likely to be liked as what is shown usually is not strong.
LEAST_SHARE = 0.5

# Measures that differ by less are all the same one, whatever rounding made of them.
_LEAST_SPREAD = 1e-9
_MOST_STEPS = 50
_LAST_STEP = 1e-10


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted sigmoid: the chance of a like is 1 / (1 + exp(-(slope x measure + offset))).

    Attributes:
        slope: Zero or more.
        offset: The chance at a measure of zero, as a logit.
        limit: What no chance passes; none falls below one minus it.
    """

    slope: float
    offset: float
    limit: float

    def chances(self, measures: Floats) -> Floats:
        """Tell the chance of a like for each measure: (n,), never 0 or 1, never falling as it grows."""
        chances: Floats = expit(self.slope * measures + self.offset)
        return np.clip(chances, 1 - self.limit, self.limit)


def calibrate(measures: Floats, liked: Bools) -> Calibration | None:
    """Fit the chance of a like to picks that were voted on, from the measure that each was shown with.

    Platt scaling (Platt 1999, "Probabilistic outputs for support vector machines and comparisons to
    regularized likelihood methods"): logistic regression on one measure, with his smoothed targets
    (n_up + 1) / (n_up + 2) and 1 / (n_down + 2) in place of 1 and 0, and here a ridge on the slope. Where
    the votes say that a higher measure is liked less, the slope is zero and every chance the same. Measures
    must be finite; their unit does not matter. With n votes no chance passes (n + 1) / (n + 2).

    Returns:
        None below ``MIN_VOTES`` votes, or where all went the same way.
    """
    ups = int(np.count_nonzero(liked))
    downs = len(liked) - ups
    if len(liked) < MIN_VOTES or not ups or not downs:
        return None
    targets = np.where(liked, (ups + 1) / (ups + 2), 1 / (downs + 2))
    middle, spread = float(measures.mean()), float(measures.std())
    unit = spread if spread > _LEAST_SPREAD else 1.0
    slope, offset = _fit((measures - middle) / unit, targets)
    if slope < 0:
        # The penalised likelihood is concave: its best slope of zero or more is then zero.
        slope, offset = 0.0, float(logit(targets.mean()))
    limit = (len(liked) + 1) / (len(liked) + 2)
    return Calibration(slope / unit, offset - slope * middle / unit, limit)


@dataclass(frozen=True, slots=True)
class Likely:
    """A threshold by chance: a candidate must be at least so likely to be liked."""

    calibration: Calibration
    least: float

    @classmethod
    def learned(cls, measures: Floats, liked: Bools) -> Likely | None:
        """Ask for ``LEAST_SHARE`` of the share of likes among picks that were voted on.

        None where these picks are too few to calibrate by.
        """
        calibration = calibrate(measures, liked)
        return cls(calibration, LEAST_SHARE * float(liked.mean())) if calibration else None

    def passes(self, scores: Floats, _recent: Floats, /) -> Bools:
        """Tell which candidates are likely enough, whatever else is there: (n_candidates,)."""
        return self.calibration.chances(scores) >= self.least


def _fit(measures: Floats, targets: Floats) -> tuple[float, float]:
    """Maximise the penalised likelihood by Newton steps, halved where they overshoot: slope and offset."""
    design = np.column_stack([measures, np.ones_like(measures)])
    ridge = np.array([RIDGE, 0.0])

    def loss(point: Floats) -> float:
        logits = design @ point
        return float(np.logaddexp(0, logits).sum() - targets @ logits + ridge @ point**2 / 2)

    point = np.array([0.0, logit(targets.mean())])
    for _ in range(_MOST_STEPS):
        chances = expit(design @ point)
        gradient = design.T @ (chances - targets) + ridge * point
        curvature = (design.T * (chances * (1 - chances))) @ design + np.diag(ridge)
        step = np.linalg.solve(curvature, gradient)
        while np.abs(step).max() > _LAST_STEP and loss(point - step) > loss(point):
            step = step / 2
        point = point - step
        if np.abs(step).max() <= _LAST_STEP:
            break
    return float(point[0]), float(point[1])

"""The one pick that is no bet on taste: a paper that may be liked and would tell much, drawn by chance.

Pure: the chance comes in as a number, and goes out as a propensity to be logged, so that what was learned
from explored picks can later be weighed by the inverse of how likely they were shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.diversity import DECIMALS, NOTHING

Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.intp]

# Of a reader's digests, the share with an explored pick.
SHARE = 0.15
# How many of the most promising are drawn from; bounds how rare, and so how heavy, one draw can be.
BREADTH = 20


@dataclass(frozen=True, slots=True)
class Exploration:
    """The place of an explored candidate, and the chance, over all draws, of this one being shown."""

    place: int
    propensity: float


def explore(
    scores: Floats,
    doubts: Floats,
    picked: Collection[int],
    draw: float,
    share: float = SHARE,
) -> Exploration | None:
    """Draw at most one candidate that is both promising and uncertain, outside those picked already.

    The optimism about a candidate is its score plus its doubt, each in standard deviations over the
    candidates that are left (an upper confidence bound: Auer 2002, "Using confidence bounds for
    exploitation-exploration trade-offs"). Of the ``BREADTH`` of most optimism, the lower place first on
    ties, one is drawn by a softmax over optimism. One number decides all: ``share`` of the unit interval is
    for exploring, and is cut among the candidates in proportion to their chances.

    Args:
        scores: How much each candidate would be liked: (n_candidates,).
        doubts: How unsure each score is, in any unit, such as a standard deviation: (n_candidates,).
        picked: Places of candidates that are shown anyway.
        draw: A number from 0 up to, but not including, 1.
        share: How often to explore at all, 0 to 1.

    Returns:
        None where the draw says not to explore, or there is nothing left to explore.
    """
    left = np.ones((1, len(scores)), dtype=np.bool_)
    left[0, list(picked)] = False
    (place,), (propensity,) = explore_for_each(
        scores[np.newaxis], doubts[np.newaxis], left, np.array([draw]), share
    )
    return None if place == NOTHING else Exploration(int(place), float(propensity))


def explore_for_each(
    scores: Floats, doubts: Floats, left: Bools, draws: Floats, share: float = SHARE
) -> tuple[Places, Floats]:
    """Draw for each of many readers, a row each, at most one of the candidates that are left.

    Returns:
        Its place, ``NOTHING`` where ``explore`` would give None; and its propensity.
    """
    places, propensities = np.full(len(draws), NOTHING), np.zeros(len(draws))
    readers = np.flatnonzero((draws < share) & left.any(axis=1))
    optimism = _standardize(scores[readers], left[readers]) + _standardize(doubts[readers], left[readers])
    # So rounded that candidates of whom the same is known tie, however the rounding of sums fell out.
    optimism = np.where(left[readers], np.round(optimism, DECIMALS), -np.inf)
    drawn_from = np.argsort(-optimism, axis=1, kind="stable")[:, :BREADTH]
    chances = share * _take_softmax(np.take_along_axis(optimism, drawn_from, axis=1))
    drawn = np.count_nonzero(np.cumsum(chances, axis=1) <= draws[readers, np.newaxis], axis=1)
    # Rounding may leave the sum a hair short of the share.
    drawn = np.minimum(drawn, np.count_nonzero(chances, axis=1) - 1)[:, np.newaxis]
    places[readers] = np.take_along_axis(drawn_from, drawn, axis=1)[:, 0]
    propensities[readers] = np.take_along_axis(chances, drawn, axis=1)[:, 0]
    return places, propensities


def doubt(likes: Floats, dislikes: Floats) -> Floats:
    """Tell how little is known of each candidate: (n_candidates,), from 1, nothing, towards 0.

    With x the greatest |K| that any voted paper, a row, has with the candidate, it is 1 / (1 + x): x = 1 is
    what two papers have by chance, so half a doubt remains where nothing but chance speaks.
    """
    nearest: Floats = np.maximum(
        np.abs(likes).max(axis=0, initial=0.0), np.abs(dislikes).max(axis=0, initial=0.0)
    )
    return doubt_beside(nearest)


def doubt_beside(nearest: Floats) -> Floats:
    """Tell how little is known of candidates from the greatest |K| of each: as many as given."""
    return 1.0 / (1.0 + nearest)


def _take_softmax(optimism: Floats) -> Floats:
    """Turn each row, greatest first, into chances."""
    weights = np.exp(optimism - optimism[:, :1])
    chances: Floats = weights / weights.sum(axis=1, keepdims=True)
    return chances


def _standardize(values: Floats, left: Bools) -> Floats:
    """Measure each row in standard deviations from the mean of those left."""
    mean = values.mean(axis=1, where=left, keepdims=True)
    spread = values.std(axis=1, where=left, keepdims=True)
    standard: Floats = (values - mean) / np.where(spread > 0, spread, np.inf)
    return standard

"""The one pick that is no bet on taste: a paper that may be liked and would tell much, drawn by chance.

Pure: the chance comes in as a number, and goes out as a propensity to be logged, so that what was learned
from explored picks can later be weighed by the inverse of how likely they were shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

if TYPE_CHECKING:
    from collections.abc import Collection

Floats: TypeAlias = npt.NDArray[np.float64]

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
    left = np.setdiff1d(np.arange(len(scores)), np.fromiter(picked, dtype=np.int64, count=len(picked)))
    if draw >= share or not len(left):
        return None
    optimism = _standardize(scores[left]) + _standardize(doubts[left])
    drawn_from = np.argsort(-optimism, kind="stable")[:BREADTH]
    propensities = share * softmax(optimism[drawn_from])
    drawn = int(np.searchsorted(np.cumsum(propensities), draw, side="right"))
    # Rounding may leave the sum a hair short of the share.
    drawn = min(drawn, len(drawn_from) - 1)
    return Exploration(int(left[drawn_from[drawn]]), float(propensities[drawn]))


def doubt(likes: Floats, dislikes: Floats) -> Floats:
    """Tell how little is known of each candidate: (n_candidates,), from 1, nothing, towards 0.

    With x the greatest |K| that any voted paper, a row, has with the candidate, it is 1 / (1 + x): x = 1 is
    what two papers have by chance, so half a doubt remains where nothing but chance speaks.
    """
    nearest: Floats = np.maximum(
        np.abs(likes).max(axis=0, initial=0.0), np.abs(dislikes).max(axis=0, initial=0.0)
    )
    return 1.0 / (1.0 + nearest)


def _standardize(values: Floats) -> Floats:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))

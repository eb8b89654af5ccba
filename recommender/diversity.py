"""Choosing a digest from scored candidates, so that two versions of one paper do not fill it.

For one reader, and the same for many at once. Whoever calls decides whether a taste is known: without one,
what is trending is not rearranged.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Scores are told apart to so many decimals: equal papers tie, however the rounding of sums fell out.
DECIMALS = 9
# Stands among places where there is none.
NOTHING = -1
# Small: papers of one subject (an affinity of 3 to 10) stay together, near-copies (20 and more) part.
DIVERSITY = 0.1
# How many of the best are looked at for each pick.
BREADTH = 5


def choose_diverse(scores: Floats, alike: npt.NDArray[np.floating], n: int) -> list[int]:
    """Choose the places of n candidates, or of all there are, best score first; ties by place.

    Maximal marginal relevance (Carbonell and Goldstein 1998): each choice is the greatest score less
    ``DIVERSITY`` times the affinity to the nearest one chosen before. Only the best 5 n are considered.

    Args:
        scores: One a candidate: (n_candidates,).
        alike: The affinity of each two candidates, (n_candidates, n_candidates); below zero counts as zero.
        n: How many to choose.
    """
    shortlist = np.argsort(-scores, kind="stable")[: n * BREADTH]
    worth = scores[shortlist]
    nearest = np.zeros(len(shortlist))
    chosen: list[int] = []
    for _ in range(min(n, len(shortlist))):
        best = int(np.argmax(worth - DIVERSITY * nearest))
        chosen.append(best)
        worth[best] = -np.inf
        nearest = np.maximum(nearest, alike[shortlist[best], shortlist])
    return [int(shortlist[place]) for place in sorted(chosen)]


def choose_diverse_for_each(scores: Floats, shortlists: Ints, alike: Floats, n: int) -> Ints:
    """Choose for many readers what ``choose_diverse`` chooses for one, from the best 5 n of each.

    Args:
        scores: Of those on the shortlists, best first, then minus infinity for none: (n_readers, length).
        shortlists: The places of these candidates: (n_readers, length).
        alike: The affinity of each two candidates, (n_candidates, n_candidates); below zero counts as zero.
        n: How many to choose.

    Returns:
        Columns of the shortlists, ascending: (n_readers, n), or all there are. The last column, where nobody
        stands, fills up for a reader who has fewer.
    """
    readers, length = shortlists.shape
    rows, costs = np.arange(readers), (DIVERSITY * alike).ravel()
    worth, cost = scores.copy(), np.zeros((readers, length))
    chosen = np.empty((readers, min(n, length)), dtype=np.int64)
    for turn in range(min(n, length)):
        best = np.argmax(worth - cost, axis=1)
        chosen[:, turn] = np.where(np.isneginf(worth[rows, best]), length - 1, best)
        worth[rows, best] = -np.inf
        latest = shortlists[rows, best] * len(alike)
        np.maximum(cost, costs.take(latest[:, np.newaxis] + shortlists), out=cost)
    return np.sort(chosen, axis=1)

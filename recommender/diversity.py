"""Choosing a digest from scored candidates, so that two versions of one paper do not fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.affinity import affinity

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_matrix

# Small: papers of one subject (cosine 0.1 to 0.2) stay together, near-copies (0.5 and more) part.
DIVERSITY = 0.1
# How many of the best are looked at for each pick.
_BREADTH = 5


def choose_diverse(scores: npt.NDArray[np.float64], vectors: csr_matrix, n: int) -> list[int]:
    """Choose the places of n candidates, or of all there are, best score first; ties by place.

    Maximal marginal relevance (Carbonell and Goldstein 1998): each choice is the greatest score less
    ``DIVERSITY`` times the cosine with the nearest one chosen before. Only the best 5 n are considered.
    """
    shortlist = np.argsort(-scores, kind="stable")[: n * _BREADTH]
    alike = affinity(vectors[shortlist], vectors[shortlist])
    worth = scores[shortlist]
    nearest = np.zeros(len(shortlist))
    chosen: list[int] = []
    for _ in range(min(n, len(shortlist))):
        best = int(np.argmax(worth - DIVERSITY * nearest))
        chosen.append(best)
        worth[best] = -np.inf
        nearest = np.maximum(nearest, alike[best])
    return [int(shortlist[place]) for place in sorted(chosen)]

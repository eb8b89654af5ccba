"""K, the one matrix: how much each voted paper speaks for each candidate.

It knows neither readers nor directions; those come after, as a weighted sum of its rows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.vectors import Vectors

# Nine pairs of papers in ten stay below this, on four replay sets with and without a model.
CHANCE = 1.3

# Voted papers met at once: bounds the memory.
_BLOCK = 4_096


def affinity(voted: Vectors, candidates: Vectors) -> npt.NDArray[np.float32]:
    """Compute K, (n_voted, n_candidates), in units of chance: 0 says nothing, less than 0 speaks against.

    Both come from one space. A paper of which nothing is known speaks for nothing, and none speaks more for a
    candidate than the candidate itself would.
    """
    matrix = np.empty((len(voted), len(candidates)), dtype=np.float32)
    if not len(voted):
        return matrix
    signed = candidates.dense.astype(np.float64)
    signed[:, 0] *= -1
    words = candidates.words.T.tocsr()
    limits = _with_itself(candidates, signed)
    for start in range(0, len(voted), _BLOCK):
        block = slice(start, start + _BLOCK)
        # In double precision equal papers get equal numbers wherever they stand in the product.
        products = voted.dense[block].astype(np.float64) @ signed.T
        products += (voted.words[block] @ words).toarray()
        np.minimum(products, limits, out=matrix[block], casting="same_kind")
    return matrix


def _with_itself(papers: Vectors, signed: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    words = np.asarray(papers.words.multiply(papers.words).sum(axis=1)).ravel()
    itself: npt.NDArray[np.float64] = words + np.einsum("ij,ij->i", papers.dense, signed)
    return itself

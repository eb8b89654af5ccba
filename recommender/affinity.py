"""K, the one matrix: how much each voted paper speaks for each candidate.

It knows neither readers nor directions; those come after, as a weighted sum of its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Unrelated papers share a few common words: on lists of 60 to 230 papers nine pairs in ten stay below this.
CHANCE = 0.03

# Voted papers met at once: a dense block of them costs 4 bytes a term and paper, and meets the rest fastest.
_BLOCK = 64


def affinity(voted: csr_matrix, candidates: csr_matrix) -> npt.NDArray[np.float32]:
    """Compute K, (n_voted, n_candidates): the cosine of each two, 0 for no shared term, 1 for the same text.

    Both come from one space, with rows of length one or zero; a zero row speaks for nothing.
    """
    matrix = np.zeros((voted.shape[0], candidates.shape[0]), dtype=np.float32)
    for start in range(0, voted.shape[0], _BLOCK):
        block = voted[start : start + _BLOCK].toarray()
        matrix[start : start + _BLOCK] = (candidates @ block.T).T
    return matrix

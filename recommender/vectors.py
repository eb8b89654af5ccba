"""The vectors of papers, in the two parts that K is made of.

Owns their shape. What they mean is the feature space's affair, what comes of two of them is K's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack

Floats = npt.NDArray[np.float32]

CORRECTIONS = 3  # columns; the first counts negative in a product


@dataclass(frozen=True, eq=False, slots=True)
class Vectors:
    """One row a paper; a row of zeros is a paper of which nothing is known.

    Attributes:
        words: The terms of each, weighed: (n, terms).
        dense: Corrections for what all papers share, then the meaning: (n, CORRECTIONS + dims).
    """

    words: csr_matrix
    dense: Floats

    @classmethod
    def stacked(cls, parts: Sequence[Vectors]) -> Vectors:
        """Lay vectors of one space under each other; there must be some."""
        words = vstack([part.words for part in parts], format="csr")
        return cls(words, np.concatenate([part.dense for part in parts]))

    @property
    def meaning(self) -> Floats:
        """What each paper is about, in a few hundred numbers that are alike where papers are: (n, dims)."""
        return self.dense[:, CORRECTIONS:]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.dense)

    def take(self, rows: Sequence[int] | npt.NDArray[np.intp] | slice) -> Vectors:
        """Look up rows, in the order given."""
        return Vectors(self.words[rows], self.dense[rows])

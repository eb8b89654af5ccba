"""The terms that papers share with the candidates: `share_terms` for many pairs at once.

Reads the same numbers that ranked them; which of the shared terms are named is the glossary's affair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from recommender.features import FeatureSpace
from recommender.glossary import Glossary
from recommender.reasons import MAX_TERMS

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Kinship:
    """The words of the candidates.

    Attributes:
        words: The terms of each candidate, weighed: (n_candidates, n_terms).
        glossary: The terms that any of them has.
        numbers: The place of each column among these; without meaning for a column that none has.
    """

    words: csr_matrix
    glossary: Glossary
    numbers: Ints

    @classmethod
    def of(cls, space: FeatureSpace, words: csr_matrix) -> Kinship:
        """Read the terms of candidates."""
        columns = np.unique(words.indices)
        numbers = np.zeros(words.shape[1], dtype=np.int64)
        numbers[columns] = np.arange(len(columns))
        return cls(words, Glossary.of(space.terms(columns)), numbers)

    def share_terms(self, words: csr_matrix, places: npt.NDArray[np.intp]) -> list[tuple[str, ...]]:
        """Name what papers share with as many candidates, pair by pair.

        Args:
            words: The terms of the papers, weighed in the same space: (n_pairs, n_terms).
            places: The candidates: (n_pairs,).
        """
        products = words.multiply(self.words[places]).tocsr()
        products.sort_indices()
        rows = np.repeat(np.arange(len(places)), np.diff(products.indptr))
        shares = products.data.astype(np.float64)
        shape = len(places), MAX_TERMS
        return self.glossary.choose(rows, self.numbers[products.indices], shares, shape)

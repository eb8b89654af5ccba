"""Texts as weighed words and word pairs: TF-IDF.

Owns the weighing of terms; ``vocabulary`` reads and counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags_array

from recommender.vocabulary import Vocabulary

Floats = npt.NDArray[np.float32]

# What a term that stands in every text still weighs. With scikit-learn's 1.0 replay ranked worse.
IDF_FLOOR = 0.1
# The mean text is learned as if so many empty ones had been read as well: in a corpus of three papers the
# mean is mostly the papers themselves.
_EMPTY_TEXTS = 20


@dataclass(frozen=True, eq=False, slots=True)
class WordSpace:
    """A fitted way of turning text into a row of term weights.

    A term weighs (1 + ln tf) x (ln((1 + N) / (1 + df)) + 0.1); each row is then divided by its length: the
    ``ltc`` scheme of the SMART system (Salton and Buckley 1988) with smoothed document frequencies.

    Attributes:
        vocabulary: The terms that count.
        idf: How much each column's term tells, by how few texts it stands in.
        mean: The mean row of the corpus: what all texts share.
    """

    vocabulary: Vocabulary
    idf: Floats
    mean: Floats

    @classmethod
    def fit(cls, texts: Sequence[str]) -> WordSpace:
        """Learn terms and their weights; texts without a word, and no texts, give a space without terms."""
        vocabulary = Vocabulary.learn(texts)
        counts = vocabulary.count(texts)
        spread = np.bincount(counts.indices, minlength=len(vocabulary))
        idf = (np.log((1 + len(texts)) / (1 + spread)) + IDF_FLOOR).astype(np.float32)
        rows, _ = _weigh(counts, idf)
        mean = np.asarray(rows.sum(axis=0)).ravel() / (len(texts) + _EMPTY_TEXTS)
        return cls(vocabulary, idf, mean.astype(np.float32))

    def weigh(self, texts: Sequence[str]) -> tuple[csr_matrix, Floats]:
        """Weigh the terms of texts.

        Returns:
            Rows (len(texts), terms) of length one, or zero for no known term; and how much each text told:
            its length before that, about 16 for a title and 50 for an abstract.
        """
        return _weigh(self.vocabulary.count(texts), self.idf)

    def terms(self, columns: Iterable[int]) -> list[str]:
        """Name columns in readable words."""
        return self.vocabulary.names(columns)


def _weigh(counts: csr_matrix, idf: Floats) -> tuple[csr_matrix, Floats]:
    counts.data = (1 + np.log(counts.data)) * idf[counts.indices]
    told = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1))).ravel().astype(np.float32)
    rows = diags_array(1 / np.where(told > 0, told, 1)) @ counts
    return csr_matrix(rows, dtype=np.float32), told

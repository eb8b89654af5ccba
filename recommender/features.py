"""From texts to vectors: TF-IDF on words and word pairs.

Owns the weighing of terms; ``vocabulary`` reads and counts them. A space never changes once it is fitted: a
new one is fitted and swapped in whole, with the vectors that belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import normalize

from recommender.terms import is_general
from recommender.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scipy.sparse import csr_matrix

# The most texts that a space is fitted on: bounds its time and memory whatever the size of the corpus.
FIT_SAMPLE = 10_000
# What a term that stands in every text still weighs. With scikit-learn's 1.0 replay ranked worse.
IDF_FLOOR = 0.1
# What is left of the weight of a term that names no subject. In a young corpus, where most words are rare, it
# is this that tells "diffusion" from "straightforward".
GENERAL_SHARE = 0.7


@dataclass(frozen=True, eq=False, slots=True)
class FeatureSpace:
    """A fitted way of turning text into a vector.

    A term weighs (1 + ln tf) x (ln((1 + N) / (1 + df)) + 0.1), seven tenths of it where it names no subject;
    each row is then divided by its length. But for the seven tenths this is the ``ltc`` scheme of the SMART
    system (Salton and Buckley 1988) with smoothed document frequencies.

    Attributes:
        vocabulary: The terms that count.
        idf: How much each column's term tells, by how few texts it stands in.
    """

    vocabulary: Vocabulary
    idf: npt.NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Sequence[str]) -> FeatureSpace:
        """Learn terms and their weights from a corpus.

        Of more than ``FIT_SAMPLE`` texts, that many are read, evenly spread. The same texts in the same order
        give the same space; texts without a word, and no texts, give one without dimensions.
        """
        sample = _spread_evenly(texts, FIT_SAMPLE)
        vocabulary = Vocabulary.learn(sample)
        spread = np.bincount(vocabulary.count(sample).indices, minlength=len(vocabulary))
        names = vocabulary.names(range(len(vocabulary)))
        general = np.fromiter(map(is_general, names), dtype=bool)
        idf = np.log((1 + len(sample)) / (1 + spread)) + IDF_FLOOR
        return cls(vocabulary, np.where(general, GENERAL_SHARE * idf, idf).astype(np.float32))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Turn texts into rows: (len(texts), dims), float32, of length one, or zero for no known term."""
        vectors = self.vocabulary.count(texts)
        vectors.data = (1 + np.log(vectors.data)) * self.idf[vectors.indices]
        return normalize(vectors, copy=False) if vectors.nnz else vectors

    def terms(self, columns: Iterable[int]) -> list[str]:
        """Name columns in readable words."""
        return self.vocabulary.names(columns)


def _spread_evenly(texts: Sequence[str], most: int) -> Sequence[str]:
    if len(texts) <= most:
        return texts
    return [texts[place * len(texts) // most] for place in range(most)]

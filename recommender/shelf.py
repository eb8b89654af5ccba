"""The papers that can be ranked: a fitted space and the vectors of the papers in it.

Owns which paper is which row. It chooses nothing and knows no reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from recommender.features import FeatureSpace
from recommender.vectors import Vectors

Meaning = npt.NDArray[np.float32]
Meanings = Mapping[int, Meaning]

_NOWHERE = -1


@dataclass(frozen=True, eq=False, slots=True)
class Shelf:
    """A fitted space and the vectors of the papers in it; never changed, swapped in whole.

    Attributes:
        space: What the vectors were made by.
        rows: The row of each paper id, in the order of the rows.
        vectors: One row a paper; then a zero row for all papers that are not here.
    """

    space: FeatureSpace
    rows: Mapping[int, int]
    vectors: Vectors

    @classmethod
    def build(cls, papers: Mapping[int, str], meanings: Meanings | None = None) -> Shelf:
        """Fit a space on the texts of papers and hold their vectors; no papers make an empty shelf.

        ``meanings`` are a model's vectors by paper id, of those papers that have one.
        """
        space = FeatureSpace.fit(list(papers.values()), _in_order(papers, meanings or {}))
        return cls.empty(space).extended(papers, meanings)

    @classmethod
    def empty(cls, space: FeatureSpace) -> Shelf:
        """Make a shelf without papers."""
        return cls(space, {}, space.transform([""]))

    def extended(self, papers: Mapping[int, str], meanings: Meanings | None = None) -> Shelf:
        """Make a shelf with more papers in the same space; one held already gets the vector of its new text.

        The space learns no new words, so a shelf that has grown much is better built anew.
        """
        added = self.space.transform([*papers.values(), ""], _in_order([*papers, _NOWHERE], meanings or {}))
        return self.joined(Shelf(self.space, _number(papers), added))

    def joined(self, other: Shelf) -> Shelf:
        """Make a shelf with the papers of another in the same space; of those that both hold, the other's."""
        kept = [paper_id for paper_id in self.rows if paper_id not in other.rows]
        vectors = Vectors.stacked([self.vectors_of(kept), other.vectors])
        return Shelf(self.space, _number([*kept, *other.rows]), vectors)

    def narrowed(self, paper_ids: Iterable[int]) -> Shelf:
        """Make a shelf of some papers alone; those that are not here are not there either."""
        kept = [paper_id for paper_id in dict.fromkeys(paper_ids) if paper_id in self.rows]
        return Shelf(self.space, _number(kept), self.vectors_of([*kept, _NOWHERE]))

    def missing(self, paper_ids: Iterable[int]) -> list[int]:
        """List those ids that are not here, in the order given."""
        return [paper_id for paper_id in paper_ids if paper_id not in self.rows]

    def vectors_of(self, paper_ids: Sequence[int]) -> Vectors:
        """Look up papers: one row an id in the order given, zero where it is not here."""
        return self.vectors.take(self._places(paper_ids))

    def words_of(self, paper_ids: Sequence[int]) -> csr_matrix:
        """Look up the words of papers alone, in the same way."""
        return self.vectors.words[self._places(paper_ids)]

    def _places(self, paper_ids: Sequence[int]) -> list[int]:
        return [self.rows.get(paper_id, _NOWHERE) for paper_id in paper_ids]

    def __len__(self) -> int:
        """Count the papers."""
        return len(self.rows)


def _in_order(paper_ids: Iterable[int], meanings: Meanings) -> npt.NDArray[np.float32] | None:
    """Lay meanings in the order of ids, zero where there is none; None where nothing has one."""
    if not meanings:
        return None
    nothing = np.zeros_like(next(iter(meanings.values())))
    return np.array([meanings.get(paper_id, nothing) for paper_id in paper_ids], dtype=np.float32)


def _number(paper_ids: Iterable[int]) -> dict[int, int]:
    return {paper_id: row for row, paper_id in enumerate(paper_ids)}

"""The papers that can be ranked: a fitted space and the vectors of the papers in it.

Owns which paper is which row. It chooses nothing and knows no reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.sparse import vstack

from recommender.features import FeatureSpace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scipy.sparse import csr_matrix

_NOWHERE = -1


@dataclass(frozen=True, eq=False, slots=True)
class Shelf:
    """A fitted space and the vectors of the papers in it; never changed, swapped in whole.

    Attributes:
        space: What the vectors were made by.
        rows: The row of each paper id.
        vectors: One row a paper, of length one or zero; then a zero row for all papers that are not here.
    """

    space: FeatureSpace
    rows: Mapping[int, int]
    vectors: csr_matrix

    @classmethod
    def build(cls, papers: Mapping[int, str]) -> Shelf:
        """Fit a space on the texts of papers and hold their vectors; no papers make an empty shelf."""
        texts = list(papers.values())
        space = FeatureSpace.fit(texts)
        return cls(space, _number(papers), space.transform([*texts, ""]))

    def extended(self, papers: Mapping[int, str]) -> Shelf:
        """Make a shelf with more papers in the same space; one held already gets the vector of its new text.

        The space learns no new words, so a shelf that has grown much is better built anew.
        """
        kept = [paper_id for paper_id in self.rows if paper_id not in papers]
        added = self.space.transform([*papers.values(), ""])
        vectors = vstack([self.vectors_of(kept), added], format="csr")
        return Shelf(self.space, _number([*kept, *papers]), vectors)

    def missing(self, paper_ids: Iterable[int]) -> list[int]:
        """List those ids that are not here, in the order given."""
        return [paper_id for paper_id in paper_ids if paper_id not in self.rows]

    def vectors_of(self, paper_ids: Sequence[int]) -> csr_matrix:
        """Look up papers: one row an id in the order given, zero where it is not here."""
        return self.vectors[[self.rows.get(paper_id, _NOWHERE) for paper_id in paper_ids]]

    def __len__(self) -> int:
        """Count the papers."""
        return len(self.rows)


def _number(paper_ids: Iterable[int]) -> dict[int, int]:
    return {paper_id: row for row, paper_id in enumerate(paper_ids)}

"""The votes of many readers as arrays, and which candidates each of them may not be shown.

Owns how histories are laid out as sparse rows; what the votes are worth is said elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from recommender.history import History, Opinions


@dataclass(frozen=True, eq=False, slots=True)
class Ballots:
    """What many readers voted, one row a reader.

    The entries of a row of likes or dislikes stand newest first, not by column, and the order counts: never
    sort them. Each is the number of votes by which that side leads, more than zero; no column stands twice.

    Attributes:
        likes: (n_readers, n_voted); a column is a row of K.
        dislikes: The same for the other side.
        excluded: (n_readers, n_candidates), an entry where the reader is not to be shown the candidate, which
            was voted on or delivered before. Values are not read.
    """

    likes: csr_matrix
    dislikes: csr_matrix
    excluded: csr_matrix

    @classmethod
    def of(
        cls,
        histories: Sequence[History],
        voted: Sequence[int],
        candidates: Sequence[int],
        delivered: Iterable[Collection[int]] = (),
    ) -> Ballots:
        """Lay out histories, one a reader.

        Args:
            histories: What each reader voted.
            voted: The paper ids of the rows of K: every paper that anyone likes or dislikes.
            candidates: The paper ids of the columns of K, each once.
            delivered: The papers that each reader was brought before, in the same order; left out, none.
        """
        rows, places = _number(voted), _number(candidates)
        brought = list(delivered) or [()] * len(histories)
        barred = [
            [places[paper_id] for paper_id in history.voted.union(before) if paper_id in places]
            for history, before in zip(histories, brought, strict=True)
        ]
        return cls(
            _lay_out([history.likes for history in histories], rows),
            _lay_out([history.dislikes for history in histories], rows),
            _to_rows(barred, np.ones(sum(map(len, barred)), dtype=bool), len(places)),
        )

    def __len__(self) -> int:
        """Count the readers."""
        return int(self.likes.shape[0])

    def take(self, readers: npt.NDArray[np.intp]) -> Ballots:
        """Look up readers, in the order given."""
        return Ballots(self.likes[readers], self.dislikes[readers], self.excluded[readers])


def _lay_out(sides: Sequence[Opinions], rows: Mapping[int, int]) -> csr_matrix:
    columns = [[rows[paper_id] for paper_id in side.paper_ids] for side in sides]
    counts = np.concatenate([side.counts for side in sides]) if sides else np.zeros(0)
    return _to_rows(columns, counts, len(rows))


def _to_rows(columns: Sequence[Sequence[int]], values: npt.NDArray[np.generic], width: int) -> csr_matrix:
    starts = np.cumsum([0, *map(len, columns)])
    flat = np.fromiter(chain.from_iterable(columns), dtype=np.int32)
    return csr_matrix((values, flat, starts), shape=(len(columns), width))


def _number(paper_ids: Iterable[int]) -> dict[int, int]:
    return {paper_id: place for place, paper_id in enumerate(paper_ids)}

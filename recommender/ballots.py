"""The votes of many readers added up: `History` for many at once, as sparse rows.

Owns how votes on a paper are counted and laid out; what they are worth is said elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from recommender.electorate import Votes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Ballots:
    """What many readers voted, one row a reader.

    The entries of a row stand newest first, not by column, and the order counts: never sort them. Each is the
    number of votes by which that side leads, more than zero; no column stands twice in a row.

    Attributes:
        likes: (n_readers, n_rows); a column is a row of K.
        dislikes: The same for the other side.
    """

    likes: csr_matrix
    dislikes: csr_matrix

    @classmethod
    def of(cls, votes: Votes, rows: Ints, shape: tuple[int, int]) -> Ballots:
        """Add up the votes of all people of a chat on each paper; a paper is as new as the newest vote on it.

        Args:
            votes: All votes.
            rows: The row of K of the paper of each vote: (n_votes,).
            shape: How many readers, and how many rows of K.
        """
        cells, newest, cell_of = np.unique(
            votes.readers * shape[1] + rows, return_index=True, return_inverse=True
        )
        balance = np.bincount(cell_of, np.where(votes.up, 1.0, -1.0), len(cells)).astype(np.float64)
        newest_first = np.argsort(newest)
        cells, balance = cells[newest_first], balance[newest_first]
        return cls(_lay_out(cells, balance, shape), _lay_out(cells, -balance, shape))

    def __len__(self) -> int:
        """Count the readers."""
        return int(self.likes.shape[0])

    def lengths(self) -> Ints:
        """Count the papers on the longer side of each reader: (n_readers,)."""
        longer: Ints = np.maximum(np.diff(self.likes.indptr), np.diff(self.dislikes.indptr))
        return longer

    def take(self, readers: npt.NDArray[np.intp]) -> Ballots:
        """Look up readers, in the order given."""
        return Ballots(self.likes[readers], self.dislikes[readers])


def _lay_out(cells: Ints, balance: Floats, shape: tuple[int, int]) -> csr_matrix:
    """Lay out the cells of which the balance is above zero, readers ascending."""
    leading = balance > 0
    readers, rows = np.divmod(cells[leading], shape[1])
    starts = np.searchsorted(readers, np.arange(shape[0] + 1))
    return csr_matrix((balance[leading], rows, starts), shape=shape)

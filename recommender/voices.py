"""What voted papers say of the candidates: K, as all readers hear it, kept from one crowd to the next.

Owns which paper is which row, and how many rows are kept. It knows neither readers nor directions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from recommender.diversity import NOTHING
from recommender.score import SHARPNESS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# The row of no paper: it says nothing of any candidate, and fills up shorter histories.
NOBODY = 0

# Numbers kept, 240 MB of them; one crowd may need more, but leaves no more behind.
MOST_CELLS = 30_000_000
_NO_ID = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False, slots=True)
class Voices:
    """exp(SHARPNESS K), one row a paper; never changed, swapped in whole.

    What papers say is kept; what interests say, which few readers share and which changes as a model reads
    them, is that of one crowd only.

    Attributes:
        paper_ids: Ascending; the first is of no paper: (n_papers,).
        papers: What they say, first a row of ones for no paper: (n_papers, n_candidates).
        interest_ids: Ascending, all below zero: (n_interests,).
        interests: What they say; their rows are counted on from the papers': (n_interests, n_candidates).
    """

    paper_ids: Ints
    papers: Floats
    interest_ids: Ints
    interests: Floats

    @classmethod
    def none(cls, candidates: int) -> Voices:
        """Make voices of no paper."""
        nothing = np.zeros(0, dtype=np.int64), np.ones((0, candidates))
        return cls(np.array([_NO_ID]), np.ones((1, candidates)), *nothing)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.paper_ids) + len(self.interest_ids)

    @property
    def ids(self) -> Ints:
        """The id of each row."""
        return np.concatenate([self.paper_ids, self.interest_ids])

    def rows_of(self, ids: Ints) -> Ints:
        """Look up the rows of papers and interests: (n_ids,).

        Raises:
            ValueError: One of them has none.
        """
        among_interests = len(self.paper_ids) + np.searchsorted(self.interest_ids, ids)
        rows = np.where(ids < 0, among_interests, np.searchsorted(self.paper_ids, ids))
        unheard = self.ids.take(rows, mode="clip") != ids
        if unheard.any():
            message = f"the offer was not extended by {np.count_nonzero(unheard)} of the papers voted on"
            raise ValueError(message)
        return rows

    def with_papers(self, ids: Ints, affinities: npt.NDArray[np.float32]) -> Voices:
        """Add papers, none of them here, by their rows of K; ids ascend."""
        places = np.searchsorted(self.paper_ids, ids)
        paper_ids = np.insert(self.paper_ids, places, ids)
        added = places + np.arange(len(ids))
        held = np.ones(len(paper_ids), dtype=np.bool_)
        held[added] = False
        papers = np.empty((len(paper_ids), self.papers.shape[1]))
        papers[held] = self.papers
        papers[added] = _exponentiate(affinities)
        return replace(self, paper_ids=paper_ids, papers=papers)

    def with_interests(self, ids: Ints, affinities: npt.NDArray[np.float32]) -> Voices:
        """Put interests in the place of those that are here; ids ascend."""
        return replace(self, interest_ids=ids, interests=_exponentiate(affinities))

    def of_candidates(self, places: Ints, affinities: npt.NDArray[np.float32]) -> Voices:
        """Say what papers say of other candidates, and no interest anything.

        Args:
            places: Where each of them stood among the candidates, ``NOTHING`` for new ones.
            affinities: K of the papers and the new ones, in their orders.
        """
        is_new = places == NOTHING
        papers = np.ones((len(self.paper_ids), len(places)))
        papers[:, ~is_new] = self.papers[:, places[~is_new]]
        papers[NOBODY + 1 :, is_new] = _exponentiate(affinities)
        return replace(Voices.none(len(places)), paper_ids=self.paper_ids, papers=papers)

    def missing(self, ids: Ints) -> Ints:
        """List the papers, ids ascending, that are not here."""
        found = self.paper_ids.take(np.searchsorted(self.paper_ids, ids), mode="clip")
        missing: Ints = ids[found != ids]
        return missing

    def bounded(self, needed: Ints, most_cells: int = MOST_CELLS) -> Voices:
        """Let go of all papers but those needed where, together, they would be too many."""
        together = len(self.paper_ids) + len(self.missing(needed))
        if together * self.papers.shape[1] <= most_cells:
            return self
        kept = np.isin(self.paper_ids, needed)
        kept[NOBODY] = True
        return replace(self, paper_ids=self.paper_ids[kept], papers=self.papers[kept])

    def mix(self, weights: csr_matrix) -> Floats:
        """Add up weighed rows: (n_readers, n_candidates), from weights (n_readers, n_rows)."""
        papers = len(self.paper_ids)
        mixed: Floats = weights[:, :papers] @ self.papers
        if len(self.interest_ids):
            mixed += weights[:, papers:] @ self.interests
        return mixed

    def lines(self, rows: Ints) -> Floats:
        """Look up rows: (n_rows, n_candidates)."""
        stated = rows >= len(self.paper_ids)
        lines = self.papers.take(np.where(stated, NOBODY, rows), axis=0)
        lines[stated] = self.interests[rows[stated] - len(self.paper_ids)]
        return lines

    def words(self, rows: Ints, places: Ints) -> Floats:
        """Look up what rows say of candidates, of both as many as there are when laid beside each other."""
        rows, places = np.broadcast_arrays(rows, places)
        stated = rows >= len(self.paper_ids)
        words: Floats = self.papers.ravel().take(
            np.where(stated, NOBODY, rows) * self.papers.shape[1] + places
        )
        words[stated] = self.interests[rows[stated] - len(self.paper_ids), places[stated]]
        return words


def _exponentiate(affinities: npt.NDArray[np.float32]) -> Floats:
    speech = affinities.astype(np.float64)
    speech *= SHARPNESS
    return np.exp(speech, out=speech)

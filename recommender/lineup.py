"""One reader's candidates, with all that ranks and explains them.

Owns how votes and candidates become scores and reasons. It chooses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.affinity import CHANCE, affinity
from recommender.diversity import DECIMALS
from recommender.history import History
from recommender.popularity import in_trending_order, prior
from recommender.reasons import find_strongest_like, share_terms
from recommender.score import Evidence
from recommender.shelf import Shelf
from recommender.values import Candidate, Reason
from recommender.vectors import Vectors


@dataclass(frozen=True, eq=False, slots=True)
class Lineup:
    """Candidates in trending order, each once. One that is not on the shelf counts as a text without a word.

    Attributes:
        shelf: Where all vectors come from.
        history: The reader's votes, added up.
        paper_ids: Whose place is whose.
        vectors: One row a candidate.
        evidence: What is known of the reader and the candidates, in numbers.
        scores: One a candidate, so rounded that equal papers tie: (n_candidates,).
    """

    shelf: Shelf
    history: History
    paper_ids: Sequence[int]
    vectors: Vectors
    evidence: Evidence
    scores: npt.NDArray[np.float64]

    @classmethod
    def of(cls, shelf: Shelf, history: History, candidates: Iterable[Candidate]) -> Lineup:
        """Score candidates for a reader."""
        trending = in_trending_order(candidates)
        paper_ids = [candidate.paper_id for candidate in trending]
        vectors = shelf.vectors_of(paper_ids)
        evidence = _gather(shelf, history, trending, vectors)
        return cls(shelf, history, paper_ids, vectors, evidence, np.round(evidence.scores(), DECIMALS))

    def explain(self, place: int) -> Reason | None:
        """Give the reason for the candidate at a place, None where it is like no like by more than chance."""
        if self.evidence.likes[:, place].max(initial=0.0) <= CHANCE:
            return None
        liked = self.history.likes.paper_ids[find_strongest_like(self.evidence, place)]
        return Reason(liked, self.shared_terms(liked, place))

    def shared_terms(self, voted: int, place: int) -> tuple[str, ...]:
        """Name what a voted paper and the candidate at a place share, strongest first."""
        return share_terms(self.shelf.space, self.shelf.vectors_of([voted]), self.vectors.take([place]))


def _gather(shelf: Shelf, history: History, candidates: Sequence[Candidate], vectors: Vectors) -> Evidence:
    likes = affinity(shelf.vectors_of(history.likes.paper_ids), vectors)
    dislikes = affinity(shelf.vectors_of(history.dislikes.paper_ids), vectors)
    return Evidence(
        likes=likes.astype(np.float64),
        like_counts=history.likes.counts,
        dislikes=np.maximum(dislikes.astype(np.float64) - CHANCE, 0.0),
        dislike_counts=history.dislikes.counts,
        prior=prior(candidates),
    )

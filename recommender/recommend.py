"""From votes and candidates to picks: the door of this package for one reader.

Decides who may be picked, in which slot and in which order; the numbers come from ``score``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recommender.affinity import CHANCE, affinity
from recommender.diversity import choose_diverse
from recommender.history import History, Opinions
from recommender.popularity import in_trending_order, popularity
from recommender.reasons import find_strongest_like, share_terms
from recommender.score import Evidence
from recommender.values import Pick, Reason, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

    from recommender.shelf import Shelf
    from recommender.values import Candidate, Vote


def recommend(shelf: Shelf, votes: Sequence[Vote], candidates: Sequence[Candidate], n: int) -> list[Pick]:
    """Pick at most n of the candidates for a chat with these votes, best first.

    A candidate that was voted on is never picked, and none is picked twice. Without a like the picks follow
    the trending order, less what resembles the dislikes; with likes they follow the score, near-copies apart.
    A pick that resembles no like by more than chance stands in slot ``trending`` and has no reason. A paper
    that is not on the shelf counts as a text without a word. Votes are read in the order of their time,
    candidates in none; equal scores stand in trending order.

    Returns:
        n picks, or all there are to pick; none where n is zero or less.
    """
    if n <= 0:
        return []
    history = History.of(votes)
    eligible = in_trending_order(paper for paper in candidates if paper.paper_id not in history.voted)
    vectors = shelf.vectors_of([candidate.paper_id for candidate in eligible])
    evidence = _gather(shelf, history, eligible, vectors)
    scores = evidence.scores()
    chosen = choose_diverse(scores, vectors, n) if history.likes.paper_ids else _choose_best(scores, n)
    reasons = [_explain(shelf, history.likes, evidence, vectors, place) for place in chosen]
    return [
        Pick(eligible[place].paper_id, float(scores[place]), Slot.TASTE if reason else Slot.TRENDING, reason)
        for place, reason in zip(chosen, reasons, strict=True)
    ]


def _gather(shelf: Shelf, history: History, candidates: Sequence[Candidate], vectors: csr_matrix) -> Evidence:
    likes = affinity(shelf.vectors_of(history.likes.paper_ids), vectors)
    dislikes = affinity(shelf.vectors_of(history.dislikes.paper_ids), vectors)
    return Evidence(
        likes=likes.astype(np.float64),
        like_counts=history.likes.counts,
        dislikes=np.maximum(dislikes.astype(np.float64) - CHANCE, 0.0),
        dislike_counts=history.dislikes.counts,
        prior=popularity(candidates),
    )


def _choose_best(scores: npt.NDArray[np.float64], n: int) -> list[int]:
    return [int(place) for place in np.argsort(-scores, kind="stable")[:n]]


def _explain(
    shelf: Shelf,
    likes: Opinions,
    evidence: Evidence,
    vectors: csr_matrix,
    place: int,
) -> Reason | None:
    """Give the reason for the candidate at a place, None where it is like no like by more than chance."""
    if evidence.likes[:, place].max(initial=0.0) <= CHANCE:
        return None
    liked = likes.paper_ids[find_strongest_like(evidence, place)]
    return Reason(liked, share_terms(shelf.space, shelf.vectors_of([liked]), vectors[place]))

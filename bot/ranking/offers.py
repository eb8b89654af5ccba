"""What is offered to many readers at once, kept between jobs: K is computed once for the papers that recur.

Owns when that is to be begun anew. What is picked of it, the recommender knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from recommender.electorate import Asking, Votes
from recommender.first_history import first_votes_of_all
from recommender.offer import Offer
from recommender.shelf import Shelf
from recommender.values import Candidate, Interest

MANY = 500  # papers that are heard for the first time


class Offers:
    """Keeps the last offer, as long as the papers in it, and what is known of them, are the same."""

    def __init__(self) -> None:
        self._offer: Offer | None = None
        self._edition = -1
        self._recent: Sequence[Candidate] = ()

    async def of(self, shelf: Shelf, edition: int, recent: Sequence[Candidate]) -> Offer:
        """Give an offer of recent papers on the shelf of this edition."""
        if self._offer is None or (self._edition, self._recent) != (edition, recent):
            self._offer = await asyncio.to_thread(Offer.of, shelf, recent)
            self._edition, self._recent = edition, recent
        return self._offer

    async def extend(self, offer: Offer, papers: Shelf, stated: Shelf, asking: Asking) -> Offer:
        """Have an offer know all that is voted on; what it knows by then is known to the next one too.

        Where much is missing, all papers of the shelf are heard at once, if there is room for them: to hear
        what is new with each crowd would copy what is known as often.
        """
        voted = asking.votes.paper_ids
        if offer.has_room_for(len(papers)) and offer.count_unheard(voted) > MANY:
            voted = np.concatenate([voted, np.fromiter(papers.rows, dtype=np.int64, count=len(papers))])
        extended = await asyncio.to_thread(offer.extended, papers, voted, stated)
        if self._offer is offer:
            self._offer = extended
        return extended


def with_first_votes(asking: Asking, stated: Mapping[int, Sequence[Interest]], shelf: Shelf) -> Asking:
    """Add the votes that interests stand for, by the row of the reader; they are older than any other."""
    first = first_votes_of_all(list(stated.values()), shelf)
    cast = [
        (row, vote.paper_id, vote.up)
        for row, votes in zip(stated, first, strict=True)
        for vote in votes[::-1]
    ]
    readers = np.concatenate([asking.votes.readers, np.array([row for row, _, _ in cast], dtype=np.int64)])
    order = np.argsort(readers, kind="stable")
    paper_ids = np.concatenate(
        [asking.votes.paper_ids, np.array([paper_id for _, paper_id, _ in cast], dtype=np.int64)]
    )
    up = np.concatenate([asking.votes.up, np.array([is_up for _, _, is_up in cast], dtype=np.bool_)])
    return replace(asking, votes=Votes(readers[order], paper_ids[order], up[order]))

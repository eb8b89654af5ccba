"""What is offered to many readers at once, kept between jobs: K is computed once for the papers that recur.

Owns when that is to be begun anew. What is picked of it, the recommender knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.electorate import Asking, Votes
from recommender.first_history import first_votes_of_all
from recommender.offer import Offer
from recommender.shelf import Shelf
from recommender.values import Candidate, Interest

Ints = npt.NDArray[np.int64]

MANY = 500  # papers that are heard for the first time


@dataclass(frozen=True, eq=False, slots=True)
class _Kept:
    """An offer, and the older papers that are in it beside the recent ones."""

    older: Sequence[Candidate]
    offer: Offer


class Offers:
    """Keeps the last offers, as long as the papers in them, and what is known of them, are the same.

    There is one of the recent papers alone, and one with each number of older ones that are asked for.
    """

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}
        self._edition = -1
        self._recent: Sequence[Candidate] = ()
        self._ancestor: Offer | None = None
        self._making = asyncio.Lock()  # who gets ready and who plans ask beside each other

    async def of(
        self, shelf: Shelf, edition: int, recent: Sequence[Candidate], older: Sequence[Candidate] = ()
    ) -> Offer:
        """Give an offer of recent papers, and some older ones, on the shelf of this edition.

        A new one of recent papers alone takes over what the last one knew of the papers that are in both. One
        with older papers is for few readers, and hears what those voted on: all would take much memory.
        """
        async with self._making:
            self._keep(edition, recent)
            kept = self._kept.get(len(older))
            if kept is None or [*kept.older] != [*older]:
                kept = _Kept(older, await self._make(shelf, recent, older))
                self._kept[len(older)] = kept
            return kept.offer

    async def extend(self, offer: Offer, papers: Shelf, stated: Shelf, asking: Asking) -> Offer:
        """Have an offer know all that is voted on; what it knows by then is known to the next one too.

        Where much is missing, all papers of the shelf are heard at once, if there is room for them: to hear
        what is new with each crowd would copy what is known as often.
        """
        voted = asking.votes.paper_ids
        if offer.has_room_for(len(papers)) and offer.count_unheard(voted) > MANY:
            voted = np.concatenate([voted, _all_of(papers)])
        return await self._extend(offer, papers, voted, stated)

    async def hear_all(self, offer: Offer, papers: Shelf) -> int:
        """Have an offer know all papers of the shelf before anybody asks; tell how many it did not know.

        Where there is no room for them it knows what it knew.
        """
        everything = _all_of(papers)
        unheard = offer.count_unheard(everything)
        if not unheard or not offer.has_room_for(len(papers)):
            return 0
        await self._extend(offer, papers, everything, papers)
        return unheard

    async def _extend(self, offer: Offer, papers: Shelf, voted: Ints, stated: Shelf) -> Offer:
        extended = await asyncio.to_thread(offer.extended, papers, voted, stated)
        for number, kept in self._kept.items():
            if kept.offer is offer:
                self._kept[number] = replace(kept, offer=extended)
        return extended

    def _keep(self, edition: int, recent: Sequence[Candidate]) -> None:
        """Let go of what does not hold any more."""
        if edition != self._edition:
            self._kept, self._ancestor = {}, None
        elif recent != self._recent:
            self._ancestor = self._kept[0].offer if 0 in self._kept else self._ancestor
            self._kept = {}
        self._edition, self._recent = edition, recent

    async def _make(self, shelf: Shelf, recent: Sequence[Candidate], older: Sequence[Candidate]) -> Offer:
        if older or not self._ancestor:
            return await asyncio.to_thread(Offer.of, shelf, recent, older)
        ancestor, self._ancestor = self._ancestor, None  # both together would take much memory for long
        return await asyncio.to_thread(ancestor.renewed, shelf, recent)


def _all_of(papers: Shelf) -> Ints:
    return np.fromiter(papers.rows, dtype=np.int64, count=len(papers))


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

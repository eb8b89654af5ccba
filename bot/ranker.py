"""The shelf in memory: kept up with the database, and asked for picks, both off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from recommender.recommend import recommend
from recommender.shelf import Shelf
from recommender.values import Candidate, Pick, Vote
from storage import papers
from storage.database import Database

FIT_NEWEST = (
    20_000  # a space is fitted on the newest papers; older ones are vectorised when a vote needs them
)
REFIT_SHARE = 0.25  # refit when this share of new papers, of those that the space was fitted on, has come


class Ranker:
    """Picks papers for a chat from its votes.

    Nothing is trained, so nothing goes stale: a vote counts from the next call on. The shelf is an immutable
    value that is swapped in whole; readers of the old one are not disturbed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf: Shelf | None = None
        self._fitted_on = 0
        self._added = 0  # since the space was fitted
        self._renewal = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether the shelf has been built, so that the first pick need not wait for it."""
        return self._shelf is not None

    async def renew(self) -> None:
        """Take in new papers; fit the space anew where many have come, for it knows no words but its own."""
        async with self._renewal:
            async with self._database.reading() as session:
                newest = await papers.newest(session, FIT_NEWEST)
            missing = newest if self._shelf is None else self._shelf.missing(newest)
            self._added += len(missing)
            if self._shelf is None or self._added >= self._fitted_on * REFIT_SHARE:
                self._shelf = await asyncio.to_thread(Shelf.build, newest)
                self._fitted_on, self._added = len(newest), 0
            elif missing:
                added = {paper_id: newest[paper_id] for paper_id in missing}
                self._shelf = await asyncio.to_thread(self._shelf.extended, added)

    async def pick(self, votes: Sequence[Vote], candidates: Sequence[Candidate], n: int) -> list[Pick]:
        """Pick at most ``n`` papers, best first."""
        voted = (vote.paper_id for vote in votes)
        shelf = await self._shelf_with((*voted, *(candidate.paper_id for candidate in candidates)))
        return await asyncio.to_thread(recommend, shelf, votes, candidates, n)

    async def _shelf_with(self, paper_ids: Iterable[int]) -> Shelf:
        if self._shelf is None:
            await self.renew()
        async with self._renewal:
            shelf = self._shelf if self._shelf is not None else Shelf.build({})
            if missing := shelf.missing(paper_ids):
                async with self._database.reading() as session:
                    texts = await papers.texts(session, missing)
                shelf = self._shelf = await asyncio.to_thread(shelf.extended, texts)
            return shelf

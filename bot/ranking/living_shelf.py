"""The shelf in memory, kept up with the database and the model, off the event loop.

Owns what is on it and when its space is fitted anew. What it is asked, the ranker knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping

from bot.ranking.meanings import Meaning, Meanings
from bot.ranking.space_file import SavedSpace, SpaceFolder
from recommender.shelf import Shelf
from storage import papers, votes
from storage.database import Database

# A space is fitted on the newest papers; older ones are vectorised when a vote needs them.
FIT_NEWEST = 20_000
MANY = 1_000  # papers missing at once
REFIT_SHARE = 0.25  # refit when this share of new papers, of those that the space was fitted on, has come


class LivingShelf:
    """A shelf that is swapped in whole, so that readers of the old one are not disturbed."""

    def __init__(self, database: Database, meanings: Meanings, spaces: SpaceFolder) -> None:
        self._database = database
        self._meanings = meanings
        self._spaces = spaces
        self._shelf: Shelf | None = None
        self._unread: set[int] = set()  # papers on the shelf of which the model has made no vector yet
        self._fitted_on = 0
        self._added = 0  # since the space was fitted; less than none while its papers are being taken in
        self._edition = 0
        self._renewal = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether the shelf has been built, so that the first pick need not wait for it."""
        return self._shelf is not None

    @property
    def edition(self) -> int:
        """A number that stays the same as long as every paper on the shelf keeps the vector that it had."""
        return self._edition

    async def renew(self) -> None:
        """Take in new papers, and out those that are gone.

        The space is fitted anew where many have come, for it knows no words but its own.
        """
        async with self._renewal:
            async with self._database.reading() as session:
                newest = await papers.newest(session, FIT_NEWEST)
                here = await papers.among(session, self._shelf.rows) if self._shelf else set()
            if self._shelf is None:
                self._shelf = await self._restore()
            elif len(here) < len(self._shelf):
                await self._keep(self._shelf, here)
            missing = [] if self._shelf is None else self._shelf.missing(newest)
            self._added += len(missing)
            if self._shelf is None or self._added > self._fitted_on * REFIT_SHARE:
                await self._fit(newest)
            elif missing:
                await self._add(self._shelf, {paper_id: newest[paper_id] for paper_id in missing})

    async def read_unread(self, *, reads: bool = True) -> None:
        """Have the model read the papers on the shelf that it has not read, the newest first.

        What another process has read by now is looked up first; where that is left to others, ``reads`` is
        False, nothing more is done. Each batch counts from the moment it is read; once all are read, a space
        that was fitted without the model is fitted anew with it.
        """
        if self._shelf is None or await self._meanings.model() is None:
            return
        if self._unread and self._database.is_shared:
            texts = await self._unread_texts()
            await self._learn(texts, await self._meanings.known(texts))
        if self._unread and reads:
            await self._read()
        if len(self._shelf) and not self._unread and not self._shelf.space.reads_meanings:
            async with self._renewal:
                async with self._database.reading() as session:
                    newest = await papers.newest(session, FIT_NEWEST)
                await self._fit(newest)

    async def with_papers(self, paper_ids: Iterable[int] = ()) -> Shelf:
        """Give the shelf as it is now, these papers on it whatever their age."""
        if self._shelf is None:
            await self.renew()
        async with self._renewal:
            shelf = self._shelf if self._shelf is not None else Shelf.build({})
            if missing := shelf.missing(paper_ids):
                async with self._database.reading() as session:
                    texts = await papers.texts(session, missing)
                shelf = await self._add(shelf, texts)
            return shelf

    async def with_papers_of_many(self, paper_ids: Collection[int]) -> Shelf:
        """Give the shelf, these papers on it, for many readers of whom others will follow."""
        shelf = await self.with_papers()
        if len(shelf.missing(paper_ids)) > MANY:
            await self.take_in_voted()
        return await self.with_papers(paper_ids)

    async def take_in_voted(self) -> None:
        """Take in at once all that anybody voted on, which a planner of many needs sooner or later.

        To take in what is new with each crowd would copy the shelf as often.
        """
        async with self._database.reading() as session:
            voted = await votes.papers_voted_on(session)
        await self.with_papers(voted)

    async def _read(self) -> None:
        texts = await self._unread_texts()
        async for made in self._meanings.read(texts):
            await self._learn(texts, made)

    async def _unread_texts(self) -> dict[int, str]:
        """Read what the model has not, newest first; papers that are gone need not be read."""
        async with self._database.reading() as session:
            found = await papers.texts(session, self._unread)
        self._unread.intersection_update(found)
        return {paper_id: found[paper_id] for paper_id in sorted(found, reverse=True)}

    async def _learn(self, texts: Mapping[int, str], made: Mapping[int, Meaning]) -> None:
        """Have what was made of papers count, of those that are still on the shelf and unread."""
        if not made:
            return
        async with self._renewal:
            known = {paper_id: texts[paper_id] for paper_id in made if paper_id in self._unread}
            self._unread.difference_update(made)
            if self._shelf is not None and self._shelf.space.reads_meanings:
                self._shelf = await asyncio.to_thread(self._shelf.extended, known, made)
                self._edition += 1

    async def _restore(self) -> Shelf | None:
        """Take up the space of the last run, if it was fitted with the model of this one."""
        saved = await asyncio.to_thread(self._spaces.load)
        if saved is None or saved.model not in {None, await self._meanings.model()}:
            return None
        self._fitted_on, self._added = saved.fitted_on, -saved.fitted_on
        self._edition += 1
        return Shelf.empty(saved.space)

    async def _fit(self, texts: Mapping[int, str]) -> None:
        known = await self._meanings.known(texts)
        self._shelf = await asyncio.to_thread(Shelf.build, texts, known)
        self._fitted_on, self._added = len(texts), 0
        self._edition += 1
        self._unread = set(texts).difference(known)
        model = await self._meanings.model() if self._shelf.space.reads_meanings else None
        await asyncio.to_thread(self._spaces.save, SavedSpace(self._shelf.space, model, len(texts)))

    async def _keep(self, shelf: Shelf, paper_ids: Collection[int]) -> None:
        """Take out what became part of another paper, or left with the sample."""
        kept = [paper_id for paper_id in shelf.rows if paper_id in paper_ids]
        self._shelf = await asyncio.to_thread(shelf.narrowed, kept)
        self._unread.intersection_update(kept)

    async def _add(self, shelf: Shelf, texts: Mapping[int, str]) -> Shelf:
        known = await self._meanings.known(texts)
        self._shelf = await asyncio.to_thread(shelf.extended, texts, known)
        self._unread.update(set(texts).difference(known))
        return self._shelf

"""The shelf in memory, kept up with the database and the model, off the event loop.

Owns what is on it and when its space is fitted anew. What it is asked, the ranker knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping

from bot.ranking.meanings import Meanings
from bot.ranking.space_file import SavedSpace, SpaceFolder
from recommender.shelf import Shelf
from storage import papers
from storage.database import Database

FIT_NEWEST = (
    20_000  # a space is fitted on the newest papers; older ones are vectorised when a vote needs them
)
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
        self._renewal = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether the shelf has been built, so that the first pick need not wait for it."""
        return self._shelf is not None

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

    async def read_unread(self) -> None:
        """Have the model read the papers on the shelf that it has not read, the newest first.

        Each batch counts from the moment it is read; once all are read, a space that was fitted without the
        model is fitted anew with it.
        """
        if self._shelf is None or await self._meanings.model() is None:
            return
        if self._unread:
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

    async def _read(self) -> None:
        async with self._database.reading() as session:
            found = await papers.texts(session, self._unread)
        texts = {paper_id: found[paper_id] for paper_id in sorted(found, reverse=True)}
        self._unread.intersection_update(texts)
        async for made in self._meanings.read(texts):
            async with self._renewal:
                known = {paper_id: texts[paper_id] for paper_id in made if paper_id in self._unread}
                self._unread.difference_update(made)
                if self._shelf is not None and self._shelf.space.reads_meanings:
                    self._shelf = await asyncio.to_thread(self._shelf.extended, known, made)

    async def _restore(self) -> Shelf | None:
        """Take up the space of the last run, if it was fitted with the model of this one."""
        saved = await asyncio.to_thread(self._spaces.load)
        if saved is None or saved.model not in {None, await self._meanings.model()}:
            return None
        self._fitted_on, self._added = saved.fitted_on, -saved.fitted_on
        return Shelf.empty(saved.space)

    async def _fit(self, texts: Mapping[int, str]) -> None:
        known = await self._meanings.known(texts)
        self._shelf = await asyncio.to_thread(Shelf.build, texts, known)
        self._fitted_on, self._added = len(texts), 0
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

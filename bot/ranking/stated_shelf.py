"""What readers stated, as rows beside the papers': each interest is read once a space, for all its readers.

Owns the rows and how many of them are kept; where interests are stored, storage knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.ranking.meanings import Meaning, Meanings
from recommender.first_history import place_interests
from recommender.shelf import Shelf
from recommender.values import Interest

# Some 30 MB. With more, those of the readers before are read anew when they are asked for.
MOST_KEPT = 10_000


class StatedShelf:
    """A shelf of interests, begun anew with each new space of the papers.

    A phrase is read beside the papers of that moment; those that come later move it with the next space.
    Until the model has read an interest it counts by its words.
    """

    def __init__(self, meanings: Meanings, most_kept: int = MOST_KEPT) -> None:
        self._meanings = meanings
        self._most_kept = most_kept
        self._kept: Shelf | None = None
        self._unread: dict[int, str] = {}  # what the model is still to read of those that are kept
        self._placing = asyncio.Lock()

    async def beside(self, papers: Shelf, paper_ids: Iterable[int], interests: Sequence[Interest]) -> Shelf:
        """Make a small shelf of some papers and these interests; the great one is not copied."""
        stated = await self.alone(papers, interests)
        return await asyncio.to_thread(lambda: papers.narrowed(paper_ids).joined(stated))

    async def alone(self, papers: Shelf, interests: Sequence[Interest]) -> Shelf:
        """Make a small shelf of these interests, in the space of the papers."""
        async with self._placing:
            kept = await self._keep(papers, interests)
        return await asyncio.to_thread(kept.narrowed, [interest.id for interest in interests])

    async def read(self, interests: Iterable[Interest]) -> None:
        """Have the model read interests that it has not read."""
        contents = {interest.id: interest.content for interest in interests}
        known = await self._meanings.known(contents)
        await self._read({id_: content for id_, content in contents.items() if id_ not in known})

    async def look_up_unread(self) -> None:
        """Have count what another process has read by now of the interests that were asked for."""
        if self._unread and (known := await self._meanings.known(self._unread)):
            async with self._placing:
                await self._forget(known)

    async def read_unread(self) -> None:
        """Have the model read what it has not read of the interests that were asked for."""
        await self._read(dict(self._unread))

    async def _read(self, contents: Mapping[int, str]) -> None:
        if not contents:
            return
        async for made in self._meanings.read(contents):
            async with self._placing:
                await self._forget(made)

    async def _keep(self, papers: Shelf, interests: Sequence[Interest]) -> Shelf:
        kept = self._kept
        if kept is None or kept.space is not papers.space:
            kept = self._begin(papers)
        missing = [interest for interest in interests if interest.id not in kept.rows]
        if len(kept) + len(missing) > self._most_kept:
            kept, missing = self._begin(papers), list(interests)
        if missing:
            known = await self._know(papers, missing)
            placed = await asyncio.to_thread(place_interests, papers, missing, known)
            kept = await asyncio.to_thread(kept.joined, placed)
        self._kept = kept
        return kept

    async def _know(self, papers: Shelf, interests: Sequence[Interest]) -> dict[int, Meaning]:
        """Look up what the model has read of interests; remember the others for it."""
        if not papers.space.reads_meanings:
            return {}
        contents = {interest.id: interest.content for interest in interests}
        known = await self._meanings.known(contents)
        self._unread |= {id_: content for id_, content in contents.items() if id_ not in known}
        return known

    def _begin(self, papers: Shelf) -> Shelf:
        self._unread.clear()
        return Shelf.empty(papers.space)

    async def _forget(self, ids: Collection[int]) -> None:
        """Let go of rows, so that they are made anew from what the model has read by now."""
        for id_ in ids:
            self._unread.pop(id_, None)
        if self._kept is not None:
            left = self._kept.rows.keys() - ids
            self._kept = await asyncio.to_thread(self._kept.narrowed, sorted(left))

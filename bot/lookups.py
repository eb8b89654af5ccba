"""Look-ups: papers that came without an arXiv id get theirs from arXiv, a few at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from recommender.values import Paper
from sources.arxiv_titles import ArxivTitles
from sources.values import SourceError
from storage import papers, sought
from storage.database import Database
from storage.identity import Sameness, judge_sameness
from storage.sought import Nameless

log = logging.getLogger(__name__)

MOST_AT_ONCE = 20  # a minute's worth, at arXiv's pace


class Lookups:
    """Seeks the ids of papers that came without."""

    def __init__(self, database: Database, titles: ArxivTitles, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._titles = titles
        self._clock = clock
        self._rests_until: datetime | None = None

    async def seek_due(self) -> int:
        """Ask for the papers that are due, the newest first, until one cannot be asked for.

        Each is written down before the next: a stop loses nothing, and a title that arXiv cannot answer does
        not stand in the way of the others at the next round.

        Returns:
            How many ids were found.
        """
        now = self._clock()
        if self._rests_until is not None and now < self._rests_until:
            return 0
        async with self._database.reading() as session:
            due = await sought.due(session, now, MOST_AT_ONCE)
        found = 0
        for nameless in due:
            try:
                found += await self._seek(nameless)
            except SourceError as error:
                log.warning("arXiv cannot be asked for ids: %s", error)
                self._rests_until = None if error.wait is None else now + error.wait
                break
        if found:
            log.info("arXiv told the ids of %d papers that came without", found)
        return found

    async def _seek(self, nameless: Nameless) -> bool:
        """Ask for one paper, and tell whether its id was found."""
        try:
            named = find_same(nameless.paper, await self._titles.seek(nameless.paper.title))
        except SourceError:
            await self._keep(nameless, None)
            raise
        await self._keep(nameless, named)
        return named is not None

    async def _keep(self, nameless: Nameless, named: Paper | None) -> None:
        now = self._clock()
        async with self._database.writing() as session:
            await sought.mark(session, nameless.id, now)
            if named is not None:
                await papers.upsert(session, [named], now)  # which judges as `find_same` does


def find_same(paper: Paper, found: Sequence[Paper]) -> Paper | None:
    """Choose the paper that is the same by title and abstract; None where there is none, or several."""
    same = {
        other.arxiv_id: other
        for other in found
        if other.arxiv_id and judge_sameness(paper, other) is Sameness.CERTAIN
    }
    return same.popitem()[1] if len(same) == 1 else None

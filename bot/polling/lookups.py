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
        """Ask for the papers that are due, the newest first, until two in a row cannot be asked for.

        Each is written down before the next: a stop loses nothing. A title that fails where the next one is
        answered is put off like one that is not found; where nothing is answered, none is.

        Returns:
            How many ids were found.
        """
        if self._rests_until is not None and self._clock() < self._rests_until:
            return 0
        async with self._database.reading() as session:
            due = await sought.due(session, self._clock(), MOST_AT_ONCE)
        found = 0
        failed: list[Nameless] = []
        for nameless in due:
            answer = await self._ask(nameless)
            if answer is None:
                failed.append(nameless)
                if len(failed) > 1 or self._rests_until:
                    break
                continue
            for other in failed:
                await self._keep(other, None)
            failed.clear()
            named = find_same(nameless.paper, answer)
            await self._keep(nameless, named)
            found += named is not None
        if found:
            log.info("arXiv told the ids of %d papers that came without", found)
        return found

    async def _ask(self, nameless: Nameless) -> Sequence[Paper] | None:
        """Ask for the papers of a title; None where that fails, and for how long none is to be asked for."""
        try:
            answer = await self._titles.seek(nameless.paper.title)
        except SourceError as error:
            log.warning("arXiv cannot be asked for ids: %s", error)
            self._rests_until = None if error.wait is None else self._clock() + error.wait
            return None
        self._rests_until = None
        return answer

    async def _keep(self, nameless: Nameless, named: Paper | None) -> None:
        now = self._clock()
        async with self._database.writing() as session:
            await sought.mark(session, nameless.id, now)
            if named is not None:
                await papers.upsert(session, [named], now)  # which judges as `find_same` does


def find_same(paper: Paper, found: Sequence[Paper]) -> Paper | None:
    """Choose the paper that is the same by title and abstract; None where there is none, or several.

    Two that have no abstract, as a withdrawn paper has none, are the same in nothing but a title.
    """
    same = {
        other.arxiv_id: other
        for other in found
        if other.arxiv_id and other.abstract and judge_sameness(paper, other) is Sameness.CERTAIN
    }
    return same.popitem()[1] if len(same) == 1 else None

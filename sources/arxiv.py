"""arXiv's categories as a source: what was announced today, and a dump a day of what was submitted.

The feed of announcements is fresh and cheap to ask, but holds one day only. The query API knows all days; it
is asked for the days of the backfill and of outages, and for each new day a few times until all that was
submitted on it is announced.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from sources.arxiv_query import MANNER, ArxivQuery, read_page
from sources.days import days_since, end_of
from sources.values import Dump, Listing, SourceError
from sources.web.address import read_url
from sources.web.client import Web

ANNOUNCED = "announced"

# Papers are announced one to four days after they were submitted, the latest behind a weekend.
_SETTLES_AFTER = timedelta(days=5)
_FRESH_FOR = timedelta(hours=12)


class ArxivSource:
    """Some categories, by their names at arXiv, as one source.

    A paper that was revised or listed in another category is announced again, but is new only to those who
    never could see it: parsing tells such papers apart (`Parsed.revisions`).
    """

    at_once = MANNER.at_once

    def __init__(
        self, categories: Sequence[str], api: str, feed: str, web: Web, clock: Callable[[], datetime]
    ) -> None:
        """Take categories, and where the query API and the feeds answer.

        Raises:
            SourceError: One of the two is no http or https address.
        """
        joined = "+".join(categories)
        self.name = f"arxiv:{joined}"
        self._categories = tuple(categories)
        self._feed = read_url(f"{feed.rstrip('/')}/atom/{joined}")
        self._query = ArxivQuery(api, web)
        self._web = web
        self._clock = clock

    async def list(self, since: date) -> list[Listing]:
        """List today's announcements, and the days of submission from yesterday back to ``since``."""
        yesterday = self._clock().astimezone(UTC).date() - timedelta(days=1)
        return [Listing(ANNOUNCED), *map(_list_day, days_since(since, yesterday))]

    async def fetch(self, listing: Listing, known: str | None) -> Dump | None:
        """Fetch one of them, or None where the announcements still are the version ``known``.

        The dump of a day is of no list: on which days its papers stood on lists is not told.

        Raises:
            SourceError: arXiv cannot be reached, refuses, or sends no whole answer.
        """
        if listing.day is None:
            return await self._fetch_announced(listing, known)
        body = await self._query.read_all(_submitted_on(listing.day, self._categories))
        return Dump(self.name, listing.name, None, body, self._clock())

    async def _fetch_announced(self, listing: Listing, known: str | None) -> Dump | None:
        answer = await self._web.get(self._feed, known)
        if answer is None:
            return None
        page = await asyncio.to_thread(read_page, answer.body)
        if isinstance(page, str):
            raise SourceError(f"arXiv's feed of {self.name} is not whole: {page}")
        return Dump(self.name, listing.name, answer.version, answer.body, self._clock())


def _list_day(day: date) -> Listing:
    return Listing(day.isoformat(), day=day, fresh_for=_FRESH_FOR, settles=end_of(day) + _SETTLES_AFTER)


def _submitted_on(day: date, categories: Sequence[str]) -> str:
    listed = " OR ".join(f"cat:{category}" for category in categories)
    return f"({listed}) AND submittedDate:[{day:%Y%m%d}0000 TO {day:%Y%m%d}2359]"

"""arXiv's query API: asked page by page and no faster than arXiv wants; only whole answers are taken."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sources.decoding import decode
from sources.values import LARGEST_DUMP, Reject, SourceError
from sources.web.address import read_url
from sources.web.client import Manner, Web
from sources.xml_feed import FeedEntry, read_feed
from sources.xml_papers import read_error

# One request each three seconds and one at a time: arXiv's terms of use of its API.
MANNER = Manner(at_once=1, seconds_between=3.0)

PAGE = 200
MOST = 10_000  # five times what arXiv gets on its fullest days
_MOST_PAGES = 2 * MOST // PAGE  # some come shorter than they were asked for
_TRIES = 4
_NEWEST_FIRST = {"sortBy": "submittedDate", "sortOrder": "descending"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its body, its entries, and how many there are on all pages."""

    body: bytes
    entries: tuple[FeedEntry, ...]
    total: int


class ArxivQuery:
    """The query API at one address."""

    def __init__(self, api: str, web: Web) -> None:
        self._url = read_url(f"{api.rstrip('/')}/api/query")
        self._web = web

    async def read_all(self, query: str) -> bytes:
        """Ask for all that a query finds, the newest first; its pages are joined by line breaks.

        Raises:
            SourceError: A page cannot be fetched, is not whole however often it is asked for, or tells of an
                error; or there is more than can be on one day, or no end of it.
        """
        pages: list[bytes] = []
        count = total = 0
        while len(pages) < _MOST_PAGES and sum(map(len, pages)) <= LARGEST_DUMP:
            page = await self.read_page(query, PAGE, begin=count, **_NEWEST_FIRST)
            total = max(total, page.total)  # a page that knows of fewer has forgotten some
            if total > MOST:
                raise SourceError(f"arXiv found {total:,} papers for one day, which cannot be")
            pages.append(page.body)
            count += len(page.entries)
            if count >= total:
                return b"\n".join(pages)
            if not page.entries:
                raise SourceError(f"arXiv sent {count:,} of {total:,} papers, and then no more")
        raise SourceError("arXiv does not come to the end of a day")

    async def read_page(self, query: str, size: int, *, begin: int = 0, **order: str) -> Page:
        """Ask for one page. arXiv sends empty ones at times, and is then asked again.

        Raises:
            SourceError: As `read_all`.
        """
        asked = {"search_query": query, "start": str(begin), "max_results": str(size), **order}
        lack = ""
        for _ in range(_TRIES):
            answer = await self._web.get(self._url.copy_merge_params(asked), manner=MANNER)
            page = await asyncio.to_thread(read_page, answer.body if answer else b"")
            if isinstance(page, str):
                lack = page
            elif page.entries or page.total <= begin:
                return page
            else:
                lack = f"it is empty, and {page.total:,} papers were promised"
        raise SourceError(f"arXiv sent no whole page in {_TRIES} tries: {lack}")


def read_page(body: bytes) -> Page | str:
    """Read a page; where it is not whole, say why in words.

    Raises:
        SourceError: The page tells of an error.
    """
    text = decode(body)
    if isinstance(text, Reject):
        return text.reason
    if not text.strip():
        return "the body is empty"
    feed = read_feed(text)
    for entry in feed.entries:
        if error := read_error(entry):
            raise SourceError(error)
    if feed.breaks:
        return feed.breaks[0].reason
    total = len(feed.entries) if feed.total is None else feed.total
    return Page(body, tuple(feed.entries), total)

"""A page on the web as a source: one address, whose body is one dump."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sources.values import Dump, Listing
from sources.web.address import is_arxiv, public_name, read_url
from sources.web.client import Web


class HttpSource:
    """One address, whose body is one dump. Its version is what the server calls it (ETag, Last-Modified)."""

    at_once = 1

    def __init__(self, url: str, web: Web, clock: Callable[[], datetime]) -> None:
        """Take an address.

        Raises:
            SourceError: It is no http or https address.
        """
        self._url = read_url(url)
        self._web = web
        self._clock = clock
        self.name = public_name(self._url)

    async def list(self, since: date) -> list[Listing]:  # noqa: ARG002 - a page is of no day
        """List the one dump; only a fetch can tell its version."""
        return [Listing(self.name)]

    async def fetch(self, listing: Listing, known: str | None) -> Dump | None:
        """Fetch the body, or None where the server says that it still is the version ``known``.

        Raises:
            SourceError: The server cannot be reached, refuses, or sends too much or too slowly.
        """
        answer = await self._web.get(self._url, known)
        if answer is None:
            return None
        hearsay = not is_arxiv(self._url)
        return Dump(self.name, listing.name, answer.version, answer.body, self._clock(), hearsay=hearsay)

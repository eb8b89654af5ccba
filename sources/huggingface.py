"""Hugging Face's daily papers as a source: a dump a day, by the API, else by the page of that day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sources.values import Dump, Listing
from sources.web.address import read_url
from sources.web.client import Manner

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.web.client import Web

_MANNER = Manner(at_once=4)


class HuggingFaceSource:
    """The list of each day, as it stands on the server ``endpoint``."""

    at_once = _MANNER.at_once

    def __init__(self, endpoint: str, web: Web, clock: Callable[[], datetime]) -> None:
        self._api = read_url(f"{endpoint.rstrip('/')}/api/daily_papers")
        self._web = web
        self._clock = clock
        self.name = "huggingface"

    async def list(self, since: date) -> list[Listing]:
        """List the days from ``since`` to today, the newest first."""
        today = self._clock().astimezone(UTC).date()
        return [_listing(today - timedelta(days=age)) for age in range((today - since).days + 1)]

    async def fetch(self, listing: Listing, known: str | None) -> Dump | None:
        """Fetch the list of one day, or None where it still is the version ``known``.

        Raises:
            SourceError: Neither the API nor the page can be read.
        """
        url = self._api.copy_merge_params({"date": listing.name, "limit": "100"})
        answer = await self._web.get(url, known, _MANNER)
        if answer is None:
            return None
        return Dump(self.name, listing.name, answer.version, answer.body, self._clock(), listing.day)


def _listing(day: date) -> Listing:
    settles = datetime.combine(day, time(), UTC) + timedelta(days=9)
    return Listing(day.isoformat(), day=day, settles=settles)

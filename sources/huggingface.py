"""Hugging Face's daily papers as a source: a dump a day, by the API, else by the page of that day."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime

import httpx

from sources.days import list_days
from sources.decoding import decode
from sources.html_dump import find_list
from sources.huggingface_api import DailyPapersApi
from sources.values import Dump, Listing, Reject, SourceError
from sources.web.address import public_name, read_url
from sources.web.attempts import AttemptError
from sources.web.client import Manner, Web

log = logging.getLogger(__name__)

API_PATH = "/api/daily_papers"
_PAGE_PATH = "/papers/date/"
_MANNER = Manner(at_once=4)


class HuggingFaceSource:
    """The list of each day, as it stands on the server ``endpoint``.

    A version tells which way the list came, so that what the API calls a version is never told to the page.
    """

    at_once = _MANNER.at_once

    def __init__(
        self, endpoint: str, web: Web, clock: Callable[[], datetime], name: str = "huggingface"
    ) -> None:
        """Take a server.

        Raises:
            SourceError: ``endpoint`` is no http or https address.
        """
        self._endpoint = read_url(endpoint)
        self._api = DailyPapersApi(self._address(API_PATH), web, _MANNER)
        self._web = web
        self._clock = clock
        self.name = name

    async def list(self, since: date) -> list[Listing]:
        """List the days from ``since`` to today, the newest first."""
        return list_days(since, self._clock())

    async def fetch(self, listing: Listing, known: str | None) -> Dump | None:
        """Fetch the list of one day, or None where it still is the version ``known``.

        Raises:
            SourceError: Neither the API nor the page can be read, or the server asks to be left alone.
        """
        way = "api"
        try:
            found = await self._api.get(listing.name, _unpack(known, "api"))
        except SourceError as error:
            if error.wait is not None:
                raise
            way, found = "page", await self._ask_page_instead(listing.name, _unpack(known, "page"), error)
        if found is None:
            return None
        body, versions = found
        version = _pack(way, versions)
        return Dump(self.name, listing.name, version, body, self._clock(), listing.day, hearsay=True)

    async def _ask_page_instead(
        self, day: str, known: Sequence[str | None], error: SourceError
    ) -> tuple[bytes, tuple[str | None, ...]] | None:
        try:
            found = await self._ask_page(day, known)
        except SourceError as other:
            also = "the page of that day likewise" if _is_alike(error, other) else other
            raise SourceError(f"{error}; {also}", other.wait) from error
        log.warning("%s; the page of that day was read instead", error)
        return found

    async def _ask_page(
        self, day: str, known: Sequence[str | None]
    ) -> tuple[bytes, tuple[str | None, ...]] | None:
        url = self._address(f"{_PAGE_PATH}{day}")
        answer = await self._web.get(url, known[0] if known else None, _MANNER)
        if answer is None:
            return None
        if problem := await asyncio.to_thread(_doubt_page, answer.body, day):
            raise SourceError(f"{public_name(url)} {problem}")
        return answer.body, (answer.version,)

    def _address(self, path: str) -> httpx.URL:
        return self._endpoint.copy_with(path=self._endpoint.path.rstrip("/") + path)


def _is_alike(one: SourceError, other: SourceError) -> bool:
    """Tell whether the two say the same of their addresses."""
    causes = (one.__cause__, other.__cause__)
    return all(isinstance(cause, AttemptError) for cause in causes) and str(causes[0]) == str(causes[1])


def _doubt_page(body: bytes, day: str) -> str | None:
    """Say why a page is not that of the day; of a day without a list the server may show another's."""
    text = decode(body)
    shown = None if isinstance(text, Reject) else find_list(text)
    if shown is None or (shown.parsed.rejects and not shown.parsed.papers):
        return "holds no list of papers"
    if not shown.whole:
        return "breaks off in the middle of its list"
    if shown.day is None or shown.day.isoformat() != day:
        return f"shows the list of {shown.day or 'no single day'}"
    return None


def _pack(way: str, versions: Sequence[str | None]) -> str | None:
    return json.dumps({way: versions}) if any(versions) else None


def _unpack(known: str | None, way: str) -> tuple[str | None, ...]:
    """Read the versions that came this way; none where the list came another way."""
    try:
        ways = json.loads(known or "{}")
    except ValueError:
        return ()
    versions = ways.get(way) if isinstance(ways, dict) else None
    return tuple(v if isinstance(v, str) else None for v in versions) if isinstance(versions, list) else ()

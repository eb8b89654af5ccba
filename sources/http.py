"""A page on the web as a source. Fetches politely and within limits, and tells what went wrong in words.

Neither the name of a source nor any message holds the password or the query of its address: both may be
secrets.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeGuard

import httpx

from sources.cleaning import excerpt
from sources.values import LARGEST_DUMP, Dump, Listing, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

_MOST_REDIRECTS = 5
_DEADLINE_SECONDS = 120.0
_TIMEOUTS = httpx.Timeout(30.0, connect=10.0)
_LONGEST_VALIDATOR = 500
_HARMLESS = frozenset({"date", "limit", "page", "sort"})  # parameters that are shown as they are
_CONDITIONS = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
_AGENT = "paperboy-bot (reads lists of papers, a few times a day)"


def new_client() -> httpx.AsyncClient:
    """Make the client that all sources share; the caller closes it."""
    return httpx.AsyncClient(
        headers={"User-Agent": _AGENT},
        timeout=_TIMEOUTS,
        follow_redirects=True,
        max_redirects=_MOST_REDIRECTS,
        limits=httpx.Limits(max_connections=20, max_keepalive_connections=10),
    )


class HttpSource:
    """One address, whose body is one dump. Its version is what the server calls it (ETag, Last-Modified)."""

    def __init__(self, url: str, client: httpx.AsyncClient, clock: Callable[[], datetime]) -> None:
        """Take an address.

        Raises:
            SourceError: It is no http or https address.
        """
        self._url = _read_url(url)
        self._client = client
        self._clock = clock
        self.name = _public_name(self._url)

    async def list(self) -> list[Listing]:
        """List the one dump; only a fetch can tell its version."""
        return [Listing(self.name, None)]

    async def fetch(self, listing: Listing, known: str | None) -> Dump | None:
        """Fetch the body, or None where the server says that it still is the version ``known``.

        Raises:
            SourceError: The server cannot be reached, refuses, or sends too much or too slowly.
        """
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                return await self._fetch(listing, known)
        except TimeoutError as error:
            raise SourceError(f"{self.name} took longer than {_DEADLINE_SECONDS:.0f} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise SourceError(f"{self.name} {_in_words(error)}") from error

    async def _fetch(self, listing: Listing, known: str | None) -> Dump | None:
        conditions = _conditions(known)
        async with self._client.stream("GET", self._url, headers=conditions) as response:
            if conditions and response.status_code == HTTPStatus.NOT_MODIFIED:
                return None
            if not response.is_success:
                status = f"{response.status_code} {excerpt(response.reason_phrase)}".rstrip()
                raise SourceError(f"{self.name} answered {status}")
            body = await self._read(response)
            return Dump(self.name, listing.name, _pack(response.headers), body, self._clock())

    async def _read(self, response: httpx.Response) -> bytes:
        chunks: list[bytes] = []
        size = 0
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            if size > LARGEST_DUMP:
                raise SourceError(f"{self.name} sent more than the {LARGEST_DUMP // 1_000_000} MB of a dump")
            chunks.append(chunk)
        return b"".join(chunks)


def _read_url(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL:
        # The cause is left out: it quotes the address, and with it what may be a password.
        raise SourceError("a source is no valid address") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise SourceError(f"{_public_name(parsed)} is no http or https address")
    return parsed


def _public_name(url: httpx.URL) -> str:
    """Name an address without its secrets; of a query that may hold one, a fingerprint tells two apart."""
    if _HARMLESS.issuperset(url.params):
        return str(url.copy_with(username=None, password=None, fragment=None))
    name = str(url.copy_with(username=None, password=None, query=None, fragment=None))
    return f"{name}?{hashlib.sha256(url.query).hexdigest()[:8]}" if url.query else name


def _conditions(known: str | None) -> dict[str, str]:
    """Ask for a body only where it is not the known version any more."""
    try:
        version = json.loads(known or "{}")
    except ValueError:
        return {}
    if not isinstance(version, dict):
        return {}
    validators = {header: version.get(key) for key, header in _CONDITIONS.items()}
    return {header: value for header, value in validators.items() if _is_validator(value)}


def _pack(headers: Mapping[str, str]) -> str | None:
    validators = {"etag": headers.get("etag"), "modified": headers.get("last-modified")}
    version = {key: value for key, value in validators.items() if _is_validator(value)}
    return json.dumps(version) if version else None


def _is_validator(value: object) -> TypeGuard[str]:
    """Tell whether a value may go into a header."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_VALIDATOR
        and value.isascii()
        and value.isprintable()
    )


def _in_words(error: Exception) -> str:
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "has no known host: is its name right, and is there a network?"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "refused the connection"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "has no valid certificate"
    words = {
        httpx.TimeoutException: "took too long to answer",
        httpx.TooManyRedirects: f"redirected more than {_MOST_REDIRECTS} times",
        httpx.UnsupportedProtocol: "redirected to what is no http or https address",
        httpx.InvalidURL: "redirected to what is no valid address",
        httpx.RemoteProtocolError: "broke off in the middle of its answer",
        httpx.DecodingError: "sent a body that cannot be unpacked",
    }
    return next((text for kind, text in words.items() if isinstance(error, kind)), "cannot be reached")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

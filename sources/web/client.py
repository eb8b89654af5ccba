"""The one client that all sources on the web share.

No message holds the password or the query of an address: both may be secrets.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeGuard

import httpx

from sources.cleaning import excerpt
from sources.values import LARGEST_DUMP, SourceError
from sources.web.address import public_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

_MOST_REDIRECTS = 5
_DEADLINE_SECONDS = 120.0
_TIMEOUTS = httpx.Timeout(30.0, connect=10.0)
_LONGEST_VALIDATOR = 500
_CONDITIONS = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
_AGENT = "paperboy-bot (reads lists of papers, a few times a day)"


@dataclass(frozen=True, slots=True)
class Manner:
    """How one server is asked: so many requests side by side, and so many seconds between two."""

    at_once: int = 4
    seconds_between: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, unpacked, and what the server calls this version of it (ETag, Last-Modified), if anything."""

    body: bytes
    version: str | None


class Web:
    """Asks servers for bodies. Made by `open_web`."""

    def __init__(self, client: httpx.AsyncClient, trusted: Iterable[str]) -> None:
        self._client = client
        self._trusted = frozenset(trusted)

    async def get(
        self, url: httpx.URL, known: str | None = None, manner: Manner | None = None
    ) -> Answer | None:
        """Get a body, or None where the server says that it still is the version ``known``.

        ``manner`` holds for all that is asked of this server, by whomever.

        Raises:
            SourceError: The server cannot be reached, refuses, or sends too much or too slowly.
        """
        name = public_name(url)
        del manner
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                return await self._get(url, name, known)
        except TimeoutError as error:
            raise SourceError(f"{name} took longer than {_DEADLINE_SECONDS:.0f} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise SourceError(f"{name} {_in_words(error)}") from error

    async def _get(self, url: httpx.URL, name: str, known: str | None) -> Answer | None:
        conditions = _conditions(known)
        async with self._client.stream("GET", url, headers=conditions) as response:
            if conditions and response.status_code == HTTPStatus.NOT_MODIFIED:
                return None
            if not response.is_success:
                status = f"{response.status_code} {excerpt(response.reason_phrase)}".rstrip()
                raise SourceError(f"{name} answered {status}")
            return Answer(await _read(response, name), _pack(response.headers))


@asynccontextmanager
async def open_web(trusted: Iterable[str] = ()) -> AsyncIterator[Web]:
    """Make the client; ``trusted`` hosts may be redirected to although they are private."""
    async with httpx.AsyncClient(
        headers={"User-Agent": _AGENT},
        timeout=_TIMEOUTS,
        follow_redirects=True,
        max_redirects=_MOST_REDIRECTS,
        limits=httpx.Limits(max_connections=20, max_keepalive_connections=10),
    ) as client:
        yield Web(client, trusted)


async def _read(response: httpx.Response, name: str) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > LARGEST_DUMP:
            raise SourceError(f"{name} sent more than the {LARGEST_DUMP // 1_000_000} MB of a dump")
        chunks.append(chunk)
    return b"".join(chunks)


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

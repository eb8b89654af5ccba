"""The one client that all sources on the web share.

No message holds the password or the query of an address: both may be secrets.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version

import httpx

from sources.values import LARGEST_DUMP, SourceError
from sources.web.address import host, public_name, server
from sources.web.attempts import AttemptError, Deadline, keep_trying
from sources.web.body import ACCEPTED, finish, read_body
from sources.web.redirects import find_location, read_redirect, set_location_aside
from sources.web.refusals import explain_fault, explain_status
from sources.web.strangers import find_stranger, pin
from sources.web.turns import Manner, Turns
from sources.web.versions import make_conditions, pack
from sources.web.world import World

__all__ = ["Answer", "Limits", "Manner", "Web", "World", "open_web"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, unpacked, and what the server calls this version of it (ETag, Last-Modified), if anything."""

    body: bytes
    version: str | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a server is put up with.

    Attributes:
        body: Bytes, before and after unpacking.
        redirects: One after the other.
        deadline: Seconds for all attempts and the pauses between them.
        silence: Seconds in which nothing comes.
        connecting: Seconds until there is a connection.
    """

    body: int = LARGEST_DUMP
    redirects: int = 5
    deadline: float = 120.0
    silence: float = 30.0
    connecting: float = 10.0


@dataclass(frozen=True, slots=True)
class _Errand:
    """What somebody asked for."""

    url: httpx.URL
    known: str | None
    manner: Manner


class Web:
    """Asks servers for bodies. Made by `open_web`."""

    def __init__(
        self, client: httpx.AsyncClient, trusted: Iterable[str], limits: Limits, world: World
    ) -> None:
        self._client = client
        self._trusted = frozenset(trusted)
        self._limits = limits
        self._world = world
        self._turns: dict[tuple[str, str, int], Turns] = {}

    async def get(
        self, url: httpx.URL, known: str | None = None, manner: Manner | None = None
    ) -> Answer | None:
        """Get a body, or None where the server says that it still is the version ``known``.

        ``manner`` holds for all that is asked of this server, by whomever.

        Raises:
            SourceError: The server cannot be reached, refuses, or sends too much or too slowly.
        """
        errand = _Errand(url, known, manner or Manner())
        deadline = Deadline(self._limits.deadline, self._world)
        try:
            return await keep_trying(lambda: self._follow(errand, deadline), deadline, self._world)
        except AttemptError as error:
            raise SourceError(f"{public_name(url)} {error}", error.wait) from error

    async def _follow(self, errand: _Errand, deadline: Deadline) -> Answer | None:
        """Go where redirects lead. Each step takes a turn of its own, so that none is held while waiting."""
        at = errand.url
        for _ in range(1 + self._limits.redirects):
            answer = await self._take_turn(at, errand, deadline)
            if not isinstance(answer, httpx.URL):
                return answer
            at = answer
        raise AttemptError(f"redirected more than {self._limits.redirects} times")

    async def _take_turn(
        self, at: httpx.URL, errand: _Errand, deadline: Deadline
    ) -> Answer | httpx.URL | None:
        turns = self._turns.setdefault(server(at), Turns(self._world))
        manner = errand.manner if server(at) == server(errand.url) else Manner()
        async with turns.take(manner), deadline.running():
            try:
                return await self._ask(at, errand)
            except AttemptError as error:
                if error.wait and error.retries:  # all others that ask this server wait, too
                    turns.rest(error.wait.total_seconds())
                raise

    async def _ask(self, at: httpx.URL, errand: _Errand) -> Answer | httpx.URL | None:
        """Ask once: for a body, None where it is known, or where to ask instead."""
        conditions = make_conditions(errand.known, at, errand.url)
        known_hosts = {host(errand.url), *self._trusted}
        addresses = () if host(at) in known_hosts else await find_stranger(at, self._world)
        try:
            async with aclosing(await self._send(at, conditions, addresses)) as response:
                if location := find_location(response):
                    return read_redirect(at, location)
                if conditions and response.status_code == HTTPStatus.NOT_MODIFIED:
                    await finish(response)
                    return None
                if not response.is_success:
                    raise explain_status(response, self._world.now())
                body = await read_body(response, self._limits.body)
                return Answer(body, pack(response.headers, at, errand.url))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise explain_fault(error) from error

    async def _send(
        self, url: httpx.URL, headers: Mapping[str, str], addresses: Sequence[str]
    ) -> httpx.Response:
        """Send a request and read the head of the answer; of ``addresses`` the first that takes it counts."""
        if not addresses:
            request = self._client.build_request("GET", url, headers=headers)
            return await self._client.send(request, stream=True)
        for address in addresses[:-1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._send_to(address, url, headers)
        return await self._send_to(addresses[-1], url, headers)

    async def _send_to(self, address: str, url: httpx.URL, headers: Mapping[str, str]) -> httpx.Response:
        place, additional, extensions = pin(url, address)
        request = self._client.build_request(
            "GET", place, headers={**headers, **additional}, extensions=extensions
        )
        return await self._client.send(request, stream=True)


@asynccontextmanager
async def open_web(
    trusted: Iterable[str] = (), limits: Limits | None = None, world: World | None = None
) -> AsyncIterator[Web]:
    """Make the client. To ``trusted`` hosts a redirect may lead although they are in a private network."""
    limits = limits or Limits()
    async with httpx.AsyncClient(
        headers={"User-Agent": _name_ourselves(), "Accept-Encoding": ACCEPTED},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # none is kept
        timeout=httpx.Timeout(limits.silence, connect=limits.connecting, pool=None),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=10),  # turns are the limit
        follow_redirects=False,
        event_hooks={"response": [set_location_aside]},
    ) as client:
        yield Web(client, trusted, limits, world or World())


def _name_ourselves() -> str:
    try:
        release = version("paperboy-bot")
    except PackageNotFoundError:
        release = "unreleased"
    return f"paperboy-bot/{release} (reads lists of papers, a few times a day)"

"""A page on the web as a source, fetched from a real server on this machine."""

from __future__ import annotations

import gzip
import json
import re
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from website import BODY, Site, Watch, open_site

from sources.http import HttpSource
from sources.values import LARGEST_DUMP, Listing, SourceError
from sources.web.address import is_arxiv
from sources.web.client import Limits, Web, open_web

NOW = datetime(2025, 11, 14, 7, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture
async def client() -> AsyncIterator[Web]:
    async with open_web(world=Watch().world()) as client:
        yield client


def _source(url: str, client: Web) -> HttpSource:
    return HttpSource(url, client, lambda: NOW)


async def _fetch(url: str, client: Web, known: str | None = None) -> Any:
    source = _source(url, client)
    (listing,) = await source.list(NOW.date())
    return await source.fetch(listing, known)


async def _failure(url: str, client: Web) -> str:
    with pytest.raises(SourceError) as caught:
        await _fetch(url, client)
    return str(caught.value)


async def test_a_body_comes_with_its_time(site: Site, client: Web) -> None:
    """The time of the fetch tells the year that a page leaves out."""
    site.answer()
    dump = await _fetch(site.url(), client)
    assert (dump.source, dump.body, dump.fetched, dump.version) == (site.url(), BODY, NOW, None)


async def test_a_server_is_told_who_asks(site: Site, client: Web) -> None:
    """The project and its release, and no browser's name."""
    site.answer()
    await _fetch(site.url(), client)
    assert re.match(r"paperboy-bot/\w[\w.]* \(reads lists of papers", site.asked[0]["User-Agent"])


@pytest.mark.parametrize(
    ("host", "hearsay"), [("rss.arxiv.org", False), ("arxiv.org", False), ("notarxiv.org", True)]
)
def test_what_arxiv_itself_tells_is_no_hearsay(host: str, hearsay: bool) -> None:
    assert is_arxiv(httpx.URL(f"https://{host}/atom/cs.AI")) is not hearsay


async def test_what_a_page_tells_is_hearsay(site: Site, client: Web) -> None:
    site.answer()
    dump = await _fetch(site.url(), client)
    assert dump.hearsay


async def test_an_unchanged_body_costs_one_conditional_request(site: Site, client: Web) -> None:
    """Both validators of a server go back to it, word for word, and over the same connection."""
    site.answer(ETag='W/"weeds"', Last_Modified="Fri, 14 Nov 2025 06:00:00 GMT")
    dump = await _fetch(site.url(), client)
    site.answer(b"", 304)
    assert await _fetch(site.url(), client, dump.version) is None
    assert await _fetch(site.url(), client, dump.version) is None
    assert (len(site.asked), len(site.callers)) == (3, 1)
    assert site.asked[1]["If-None-Match"] == 'W/"weeds"'
    assert site.asked[1]["If-Modified-Since"] == "Fri, 14 Nov 2025 06:00:00 GMT"


async def test_a_changed_body_comes_with_its_new_version(site: Site, client: Web) -> None:
    """A condition that fails gives the body at once."""
    site.answer(ETag='"new"')
    dump = await _fetch(site.url(), client, json.dumps({"etag": '"old"'}))
    assert (dump.body, json.loads(dump.version)) == (BODY, {"etag": '"new"'})


@pytest.mark.parametrize("known", ["", "no JSON", "[]", "3", '{"etag": 3}', '{"etag": "a\\nb"}'])
async def test_a_version_that_makes_no_sense_is_no_condition(site: Site, client: Web, known: str) -> None:
    """A database of another release does not stop a fetch."""
    site.answer()
    assert (await _fetch(site.url(), client, known)).body == BODY


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "404 Not Found"),
        (429, "429 Too Many Requests"),
        (500, "500 Internal"),
        (503, "503 Service"),
        (304, "304"),
    ],
)
async def test_a_refusal_is_told_by_its_number(site: Site, client: Web, status: int, words: str) -> None:
    """An error page is never parsed; nor is an answer that nobody asked for."""
    site.answer(b"<html>", status)
    assert f"answered {words}" in await _failure(site.url(), client)


async def test_a_packed_body_is_unpacked(site: Site, client: Web) -> None:
    """And one that only claims to be packed is an error."""
    site.answer(gzip.compress(BODY), Content_Encoding="gzip")
    assert (await _fetch(site.url(), client)).body == BODY
    site.answer(BODY, Content_Encoding="gzip")
    assert "sent gzip that is broken" in await _failure(site.url(), client)


async def test_too_large_a_body_is_refused_also_when_packed(site: Site, client: Web) -> None:
    """A small body can unpack to a huge one."""
    site.answer(gzip.compress(bytes(LARGEST_DUMP + 1)), Content_Encoding="gzip")
    assert "unpacks to more than 100 MB" in await _failure(site.url(), client)


async def test_redirects_are_followed_within_bounds(site: Site, client: Web) -> None:
    """Not in circles, and only to web addresses."""
    site.answer(b"", 302, "/old", Location="/papers")
    site.answer()
    assert (await _fetch(site.url("/old"), client)).body == BODY
    site.answer(b"", 302, "/round", Location="/round")
    asked = len(site.asked)
    assert "redirected more than 5 times" in await _failure(site.url("/round"), client)
    assert len(site.asked) == asked + 6
    site.answer(b"", 302, "/away", Location="file:///etc/passwd")
    assert "no http or https address" in await _failure(site.url("/away"), client)


async def test_a_connection_that_breaks_is_told(site: Site, client: Web) -> None:
    """Half a body is none."""
    site.answer(Content_Length="1000")
    assert "broke off in the middle" in await _failure(site.url(), client)


async def test_a_server_that_is_not_there_is_told(client: Web) -> None:
    """Nobody listens at a port that was just given back. A host may have several addresses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "refused the connection" in await _failure(f"http://127.0.0.1:{port}/", client)
    assert "refused the connection" in await _failure(f"http://localhost:{port}/", client)


async def test_an_unknown_host_is_told(client: Web) -> None:
    """A slip in a host's name is the most common mistake of all. No name has an empty part."""
    assert "has no known host" in await _failure("http://paper..boy/", client)


async def test_a_slow_server_is_told() -> None:
    """A server that accepts and then says nothing holds up no poll."""
    limits = Limits(silence=0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with open_web(limits=limits, world=Watch().world()) as client:
            message = await _failure(f"http://127.0.0.1:{server.getsockname()[1]}/", client)
    assert "took too long" in message


async def test_no_name_and_no_message_holds_a_secret(site: Site, client: Web) -> None:
    """Passwords and queries are for the server alone; two queries still are two sources."""
    site.answer(status=404)
    secret = f"http://ada:hunter2@127.0.0.1:{site.port}/papers?token=t0ps3cret#frag"
    message = await _failure(secret, client)
    assert not any(word in message for word in ("ada", "hunter2", "token", "t0ps3cret", "frag"))
    assert "Authorization" in site.asked[0]
    names = {_source(site.url(f"/papers?day={day}"), client).name for day in (1, 2)}
    assert len(names) == 2


@pytest.mark.parametrize(
    "url", ["ftp://u:pw@x/", "file:///etc/passwd", "http://", "https:///a", "http://a:pw/"]
)
async def test_an_address_that_is_none_is_refused_at_once(url: str, client: Web) -> None:
    """A setting with a slip in it is found at start, and its secret is not shown."""
    with pytest.raises(SourceError) as caught:
        _source(url, client)
    assert "pw" not in str(caught.value)


async def test_its_listing_needs_no_request(client: Web) -> None:
    """Only a fetch can tell its version."""
    source = _source("http://paperboy.invalid/papers", client)
    assert await source.list(NOW.date()) == [Listing(source.name)]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.org/daily?date=2025-10-01", "https://example.org/daily?date=2025-10-01"),
        ("https://me:hush@example.org/daily?limit=5#top", "https://example.org/daily?limit=5"),
    ],
)
async def test_a_harmless_query_is_part_of_the_name(address: str, name: str) -> None:
    """What a reader of a report would miss is shown; user, password and fragment never are."""
    async with open_web() as client:
        assert HttpSource(address, client, lambda: NOW).name == name

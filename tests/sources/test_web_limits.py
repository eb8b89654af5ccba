"""Bodies and heads of answers that are too much, or not what they say."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from website import BODY, Answer, Request, Site, Watch, open_site, reply, say

from sources.values import LARGEST_DUMP, SourceError
from sources.web.client import Limits, Web, open_web

SMALL = Limits(body=1_000_000)


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with open_web(limits=SMALL, world=Watch().world()) as web:
        yield web


async def _get(site: Site, web: Web) -> bytes | None:
    answer = await web.get(httpx.URL(site.url()))
    return answer.body if answer else None


async def _refusal(site: Site, web: Web) -> str:
    with pytest.raises(SourceError) as caught:
        await _get(site, web)
    return str(caught.value)


def _chatter(head: bytes, text: bytes) -> Answer:
    """Say the head, and the text for ever."""

    def send(request: Request) -> None:
        say(b"HTTP/1.1 200 OK", head)(request)
        while True:
            request.wfile.write(text * 1000)

    return send


@pytest.mark.parametrize(
    "endless",
    [
        _chatter(b"Content-Type: text/plain", b"Weeds Win\n"),
        _chatter(b"Transfer-Encoding: chunked", b"1000\r\n" + b"Weeds Win\n" * 409 + b"Weeds.\r\n"),
        _chatter(b"Content-Encoding: gzip", gzip.compress(b"Weeds Win", 0, mtime=0)),
    ],
)
async def test_a_body_without_end_is_refused_where_the_limit_is(
    site: Site, web: Web, endless: Answer
) -> None:
    """Once: it would be no shorter the next time."""
    site.play(endless)
    assert "sent more than the 1 MB of a dump" in await _refusal(site, web)
    assert len(site.asked) == 1


async def test_a_body_that_says_that_it_is_too_large_is_not_even_read(site: Site, web: Web) -> None:
    """Reading would end in a body that breaks off, and in further attempts."""
    site.play(say(b"HTTP/1.1 200 OK", b"Content-Length: 1000001"))
    assert "sent more than the 1 MB of a dump" in await _refusal(site, web)
    site.answer(bytes(1_000_000))
    assert await _get(site, web) == bytes(1_000_000)


async def test_a_bomb_is_refused_in_words(site: Site) -> None:
    """Ten megabytes that unpack to ten gigabytes."""
    site.answer(gzip.compress(bytes(100_000_000), 9) * 100, Content_Encoding="gzip")
    async with open_web(limits=Limits(body=LARGEST_DUMP), world=Watch().world()) as web:
        assert "sent gzip that unpacks to more than 100 MB" in await _refusal(site, web)
    assert len(site.asked) == 1


@pytest.mark.parametrize("packing", ["br", "zstd", "deflate", "gzip, gzip", "utf-8"])
async def test_only_what_was_asked_for_is_unpacked(site: Site, web: Web, packing: str) -> None:
    """Gzip is."""
    site.answer(zlib.compress(BODY), Content_Encoding=packing)
    assert f"sent a body packed as {packing}, which nobody asked for" in await _refusal(site, web)
    assert site.asked[0]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("packing", ["gzip", "GZIP", "x-gzip"])
async def test_gzip_is_unpacked_however_it_is_spelt(site: Site, web: Web, packing: str) -> None:
    site.answer(gzip.compress(BODY), Content_Encoding=packing)
    assert await _get(site, web) == BODY


async def test_a_plain_body_may_say_that_it_is_one(site: Site, web: Web) -> None:
    """And a gzipped file that is sent as it is stays as it is: parsing knows it by its content."""
    packed = gzip.compress(BODY)
    site.answer(packed, Content_Encoding="identity")
    assert await _get(site, web) == packed


@pytest.mark.parametrize(
    "head",
    [
        (b"HTTP/1.1 200 OK", b"X-Weeds: " + b"w" * 1_000_000),
        (b"HTTP/1.1 200 OK", *(b"X-Weeds-%d: w" % number for number in range(50_000))),
        (b"HTTP/1.1 200 OK", b"Content-Length: 15", b"Content-Length: 7"),
        (b"HTTP/1.1 200 OK", b"Content-Length: -15"),
        (b"HTTP/1.1 200 OK", b"Transfer-Encoding: weeds"),
        (b"SSH-2.0-OpenSSH_9.7",),
    ],
)
async def test_a_head_that_makes_no_sense_is_told(site: Site, web: Web, head: tuple[bytes, ...]) -> None:
    """Of two lengths neither is believed."""
    site.play(say(*head, then=BODY))
    assert "gave no valid answer" in await _refusal(site, web)


async def test_a_reason_is_cleaned(site: Site, web: Web) -> None:
    """What a server writes goes into a message of ours: no colours, no length without end."""
    site.play(say(b"HTTP/1.1 404 \x1b[31mGone fishing" + b"!" * 1000, b"Content-Length: 0"))
    refusal = await _refusal(site, web)
    assert refusal.isprintable()
    assert len(refusal) < 150


async def test_no_cookie_is_kept(site: Site, web: Web) -> None:
    """A server can neither follow us nor fill our memory."""
    site.play(reply(Set_Cookie="weeds=win; Path=/"))
    await _get(site, web)
    await _get(site, web)
    assert "Cookie" not in site.asked[1]

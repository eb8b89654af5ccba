"""Short faults are waited out; what a server asks for is obeyed; nothing takes for ever."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx
import pytest
from website import BODY, Answer, Request, Site, Watch, open_site, reply, say

from sources.values import SourceError
from sources.web.client import Limits, Web, open_web
from sources.web.refusals import explain_fault

BROKEN_OFF = say(b"HTTP/1.1 200 OK", b"Content-Length: 1000", then=BODY)
CUT_CHUNKS = say(b"HTTP/1.1 200 OK", b"Transfer-Encoding: chunked", then=b"5\r\nTitle\r\nff\r\nAb")
CUT_GZIP = reply(gzip.compress(BODY, mtime=0)[:-9], Content_Encoding="gzip")


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def web(watch: Watch) -> AsyncIterator[Web]:
    async with open_web(world=watch.world()) as web:
        yield web


async def _get(site: Site, web: Web) -> bytes | None:
    answer = await web.get(httpx.URL(site.url()))
    return answer.body if answer else None


async def _refusal(site: Site, web: Web) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await _get(site, web)
    return caught.value


def hang_up(request: Request) -> None:
    """Say nothing at all."""
    request.close_connection = True


@pytest.mark.parametrize(
    "fault",
    [reply(status=status) for status in (408, 500, 502, 503, 504)]
    + [hang_up, BROKEN_OFF, CUT_CHUNKS, CUT_GZIP, say(b"What do you want?")],
)
async def test_a_short_fault_is_waited_out(site: Site, web: Web, watch: Watch, fault: Answer) -> None:
    """Twice at most, and the second time longer; the half of each is what chance has chosen."""
    site.play(fault, fault, reply())
    assert await _get(site, web) == BODY
    assert watch.pauses == [1.0, 2.0]


@pytest.mark.parametrize("fault", [reply(status=500), BROKEN_OFF])
async def test_a_fault_that_stays_is_told_after_three_attempts(site: Site, web: Web, fault: Answer) -> None:
    site.play(fault)
    await _refusal(site, web)
    assert len(site.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 501])
async def test_a_refusal_is_taken_at_its_word(site: Site, web: Web, watch: Watch, status: int) -> None:
    """It would be the same a second later."""
    site.answer(status=status)
    assert f"answered {status}" in str(await _refusal(site, web))
    assert (len(site.asked), watch.pauses) == (1, [])


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["7", "Fri, 14 Nov 2025 12:00:07 GMT"])
async def test_a_short_pause_that_a_server_asks_for_is_kept_once(
    site: Site, web: Web, watch: Watch, status: int, value: str
) -> None:
    """As seconds or as a date. Whoever asks for another one is not asked again."""
    site.play(reply(status=status, Retry_After=value), reply())
    assert await _get(site, web) == BODY
    assert watch.pauses == [7.0]
    site.play(reply(status=status, Retry_After="7"))
    assert (await _refusal(site, web)).wait == timedelta(seconds=7)
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("11", timedelta(seconds=11)),
        ("120", timedelta(minutes=2)),
        ("Fri, 14 Nov 2025 13:00:00 GMT", timedelta(hours=1)),
        ("9" * 5000, timedelta(days=1)),
        ("Tue, 01 Jan 2999 00:00:00 GMT", timedelta(days=1)),
    ],
)
async def test_a_long_pause_is_for_the_caller_to_keep(
    site: Site, web: Web, watch: Watch, value: str, wait: timedelta
) -> None:
    """It is told at once, in words and as a value, and never longer than a day."""
    site.answer(status=429, Retry_After=value)
    error = await _refusal(site, web)
    assert error.wait == wait
    assert f"asks for a pause of {wait.total_seconds():,.0f} seconds" in str(error)
    assert (len(site.asked), watch.pauses) == (1, [])


@pytest.mark.parametrize(
    "value", ["1e99", "-5", "0", "soon", "", "٣", "nan", "Fri, 99 Nov 2025 12:00:00 GMT", "1.5"]
)
async def test_a_pause_that_makes_no_sense_is_none(site: Site, web: Web, value: str) -> None:
    def send(request: Request) -> None:
        line = b"Retry-After: " + value.encode()
        say(b"HTTP/1.1 429 Slow Down", line, b"Content-Length: 0")(request)

    site.play(send)
    assert (await _refusal(site, web)).wait is None


async def test_a_date_that_has_passed_is_no_pause(site: Site, web: Web, watch: Watch) -> None:
    """Its clock and ours may differ. What fails is tried again as if nothing had been asked for."""
    site.play(reply(status=503, Retry_After="Fri, 14 Nov 2025 11:00:00 GMT"), reply())
    assert await _get(site, web) == BODY
    assert watch.pauses == [1.0]


async def test_silence_is_borne_twice(watch: Watch) -> None:
    """Each costs half a minute of a poll; a server that is only slow to wake answers the second time."""
    with open_site() as slow:
        slow.play(_stay_silent)
        async with open_web(limits=Limits(silence=0.05), world=watch.world()) as web:
            assert "took too long to answer" in str(await _refusal(slow, web))
    assert watch.pauses == [1.0]


async def test_a_body_that_only_drips_ends_at_the_deadline(site: Site, watch: Watch) -> None:
    """A byte now and then is never silence."""

    def drip(request: Request) -> None:
        say(b"HTTP/1.1 200 OK", b"Content-Length: 1000000")(request)
        request.connection.settimeout(0.01)
        while _is_listening(request):
            request.wfile.write(b".")

    site.play(drip)
    world = watch.world(seconds=time.monotonic)
    async with open_web(limits=Limits(deadline=0.3), world=world) as web:
        assert "took longer than 0.3 seconds" in str(await _refusal(site, web))
    assert watch.pauses == []


async def test_no_attempt_is_made_that_the_deadline_would_end(site: Site, watch: Watch) -> None:
    """The pause before it would be for nothing."""
    site.answer(status=500)
    async with open_web(limits=Limits(deadline=1.5), world=watch.world()) as web:
        assert "answered 500" in str(await _refusal(site, web))
    assert watch.pauses == [1.0]
    assert len(site.asked) == 2


def test_a_fault_that_all_addresses_of_a_host_share_is_told() -> None:
    """Not only that there was one: they come as a group."""
    fault = httpx.ConnectError("All connection attempts failed")
    fault.__cause__ = ExceptionGroup("", [OSError("No route"), ConnectionRefusedError()])
    assert str(explain_fault(fault)) == "refused the connection"


@pytest.mark.parametrize(("code", "retries"), [(socket.EAI_NONAME, 0), (socket.EAI_AGAIN, 2)])
def test_a_name_is_asked_for_again_only_where_that_may_help(code: int, retries: int) -> None:
    """A slip in it stays one; a network that is just coming up does not stay away."""
    fault = httpx.ConnectError("no address")
    fault.__cause__ = socket.gaierror(code, "")
    assert explain_fault(fault).retries == retries


def _stay_silent(request: Request) -> None:
    """Wait until whoever asked has hung up."""
    request.rfile.read(1)
    request.close_connection = True


def _is_listening(request: Request) -> bool:
    try:
        return bool(request.connection.recv(1))
    except TimeoutError:
        return True

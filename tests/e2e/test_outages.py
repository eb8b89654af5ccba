"""Each trouble of a server alone: what the poll says of it, and that nothing is lost by it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, ids_on_lists, open_newsroom
from town import Clock

from benchmarks.newsstand import Newsstand, invent
from sources.web.client import Limits

FIRST = date(2026, 9, 4)  # a Friday
WORLD = invent(FIRST, 4, a_day=6, beside=2)
NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)  # the Monday after
LISTS = "/api/daily_papers"
PAGES = "/papers/date/"
QUERIES = "/api/query"
ARXIV = "arxiv:cs.AI+cs.CL"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
async def stand(clock: Clock) -> AsyncIterator[Newsstand]:
    async with Newsstand(WORLD, clock) as stand:
        yield stand


@pytest.fixture
def opened(
    stand: Newsstand, clock: Clock, empty_url: str
) -> Callable[..., AbstractAsyncContextManager[Newsroom]]:
    return partial(open_newsroom, stand, clock, empty_url)


@pytest.fixture
async def room(opened: Any) -> AsyncIterator[Newsroom]:
    async with opened() as room:
        yield room


async def assert_all_there(room: Newsroom) -> None:
    """Every paper that is on a list by now is stored, once."""
    ids = [paper.id for paper in await room.stored()]
    assert len(ids) == len(set(ids))
    assert set(ids) == ids_on_lists(WORLD, room.clock.now)


# Down


async def test_servers_that_are_down_are_said_to_be_and_nothing_is_lost(room: Newsroom) -> None:
    room.stand.go_down()
    report = await room.poll_one()
    assert not report.reached
    assert report.why
    assert f"{room.stand.url}{LISTS}" in report.why
    assert "the page of that day likewise" in report.why
    assert room.stand.count(PAGES) > 0
    assert await room.stored() == []
    room.stand.come_back()
    assert (await room.poll_one()).why is None
    await assert_all_there(room)


async def test_one_list_that_fails_costs_only_itself(room: Newsroom) -> None:
    """The other days are read; the failed one is read at the next poll."""
    room.stand.answer_status(404, path=LISTS, requests=1)
    room.stand.answer_status(404, path=PAGES, requests=1)
    report = await room.poll_one()
    assert (len(report.failed), len(report.read), report.reached) == (1, 3, True)
    room.clock.pass_by(minutes=1)
    assert (await room.poll_one()).why is None
    await assert_all_there(room)


@pytest.mark.parametrize("fault", ["go_down", "cut_bodies"])
async def test_a_short_fault_is_not_even_told(room: Newsroom, fault: str) -> None:
    """The same request once more is enough; the pages are not asked."""
    getattr(room.stand, fault)(requests=2)
    assert (await room.poll_one()).why is None
    assert room.stand.count(PAGES) == 0
    await assert_all_there(room)


# The API fails, the page does not


@pytest.mark.parametrize("status", [400, 403, 404, 500, 502, 503])
async def test_the_page_stands_in_for_an_api_that_refuses(room: Newsroom, status: int) -> None:
    room.stand.answer_status(status, path=LISTS)
    assert (await room.poll_one()).why is None
    await assert_all_there(room)


@pytest.mark.parametrize(
    "shape",
    [
        lambda _: b"1",
        lambda _: b'{"error":"Internal Error"}',
        lambda _: b"<html><body>Please log in</body></html>",
        lambda _: b"",
        lambda body: body.replace(b'"title"', b'"heading"'),
        lambda body: body[: len(body) // 2],
    ],
    ids=["a number", "an error", "a page", "nothing", "other names", "half"],
)
async def test_the_page_stands_in_for_an_api_that_changed_its_shape(
    room: Newsroom, shape: Callable[[bytes], bytes]
) -> None:
    room.stand.change_shape(shape, path=LISTS)
    assert (await room.poll_one()).why is None
    await assert_all_there(room)


async def test_the_api_is_read_again_when_it_is_back(room: Newsroom) -> None:
    """Its version is not asked of the page, nor the page's of it; the papers stay those that they were."""
    await room.poll()
    for broken in (True, False, True):
        room.stand.come_back()
        if broken:
            room.stand.answer_status(500, path=LISTS)
        room.clock.pass_by(hours=7)
        report = await room.poll_one()
        assert (report.why, report.unasked) == (None, 0)
    await assert_all_there(room)


async def test_when_both_changed_the_poll_says_so_and_keeps_no_mark(room: Newsroom) -> None:
    room.stand.change_shape(lambda _: b"<html><body>We have moved.</body></html>")
    report = await room.poll_one()
    assert "not a list of papers" in (report.why or "")
    assert "holds no list of papers" in (report.why or "")
    room.stand.come_back()
    await room.poll()
    await assert_all_there(room)


async def test_bodies_that_are_always_cut_are_told_in_words(room: Newsroom) -> None:
    room.stand.cut_bodies()
    report = await room.poll_one()
    assert report.why
    assert not report.reached
    room.stand.come_back()
    await room.poll()
    await assert_all_there(room)


async def test_a_body_that_drips_is_given_up(opened: Any, stand: Newsstand) -> None:
    """It is not the silence that counts then, but the time in all."""
    stand.drip(20.0)
    async with opened(backfill=timedelta(0), limits=Limits(silence=5.0, deadline=0.05)) as room:
        assert "took longer than 0.05 seconds" in ((await room.poll_one()).why or "")


async def test_a_server_that_falls_silent_is_given_up(opened: Any, stand: Newsstand) -> None:
    stand.drip(20.0)
    async with opened(backfill=timedelta(0), limits=Limits(silence=0.05)) as room:
        assert "took too long to answer" in ((await room.poll_one()).why or "")


# A day with nothing


async def test_a_day_with_nothing_is_no_failure(room: Newsroom) -> None:
    room.stand.change_shape(lambda _: b"[]", path=LISTS)
    report = await room.poll_one()
    assert (report.why, report.failed, report.added) == (None, [], 0)
    assert [dump.is_empty_day for dump in report.dumps] == [True] * 4
    assert room.stand.count(PAGES) == 0


# Told to wait


async def test_who_is_asked_to_wait_waits(room: Newsroom) -> None:
    """For the hour that it asked for, neither the page nor another day is asked, nor by hand."""
    room.stand.answer_status(429, retry_after="3600")
    report = await room.poll_one()
    assert report.wait == timedelta(hours=1)
    assert "asks for a pause of 3,600 seconds" in (report.why or "")
    assert room.stand.count(PAGES) == 0
    asked = room.stand.count()
    room.stand.come_back()
    room.clock.pass_by(minutes=59)
    waiting = await room.poll_one()
    assert (room.stand.count(), waiting.rests_until) == (asked, NOON + timedelta(hours=1))
    assert "as it asked for" in (waiting.why or "")
    assert (await room.poll_one(by_hand=True)).rests_until is not None
    room.clock.pass_by(minutes=1)
    assert (await room.poll_one()).why is None
    await assert_all_there(room)


async def test_a_short_wait_is_waited_out_on_the_spot(room: Newsroom) -> None:
    room.stand.answer_status(429, retry_after="7", requests=1)
    assert (await room.poll_one()).why is None
    assert 7.0 in room.hourglass.waited
    await assert_all_there(room)


# The circuit


async def _fail_until_left_alone(room: Newsroom) -> None:
    """Poll servers that are down until the source is left alone, and see that it is."""
    room.stand.go_down()
    for _ in range(9):
        asked = room.stand.count()
        if (await room.poll_one()).rests_until:
            assert room.stand.count() == asked
            return
        room.clock.pass_by(minutes=1)
    pytest.fail("it was never left alone")


async def test_a_source_that_fails_and_fails_is_left_alone(room: Newsroom) -> None:
    """After three failures, for half an hour, then twice as long each time; one try between decides."""
    room.stand.go_down()
    rests = []
    for _ in range(200):
        report = await room.poll_one()
        if report.rests_until and report.rests_until not in rests:
            rests.append(report.rests_until)
        room.clock.pass_by(minutes=10)
    spans = [after - before for before, after in pairwise(rests)]
    assert all(before <= after for before, after in pairwise(spans))
    assert max(spans) <= timedelta(hours=6, minutes=10)
    assert room.stand.count() < 200


async def test_who_polls_by_hand_asks_all_the_same(room: Newsroom) -> None:
    await _fail_until_left_alone(room)
    room.stand.come_back()
    assert (await room.poll_one()).rests_until
    assert (await room.poll_one(by_hand=True)).why is None
    await assert_all_there(room)


async def test_one_success_closes_the_circuit(room: Newsroom) -> None:
    await _fail_until_left_alone(room)
    room.stand.come_back()
    room.clock.pass_by(minutes=30)
    assert (await room.poll_one()).why is None
    asked = room.stand.count()
    room.clock.pass_by(minutes=1)
    assert (await room.poll_one()).why is None
    assert room.stand.count() == asked + 1
    await assert_all_there(room)


# Versions


async def test_a_server_that_knows_no_versions_costs_reading_but_tells_nothing_new(room: Newsroom) -> None:
    room.stand.forget_etags()
    await room.poll()
    room.clock.pass_by(minutes=1)
    again = await room.poll_one()
    assert (again.updated, again.added, again.dumps, room.stand.count(status=304)) == (0, 0, (), 0)


# arXiv


async def test_an_empty_page_of_arxiv_is_asked_for_again(opened: Any, stand: Newsstand) -> None:
    async with opened(ARXIV) as room:
        stand.send_empty_pages(2)
        assert (await room.poll_one()).why is None
        assert await room.stored()


async def test_arxiv_days_that_stay_empty_are_a_failure_and_no_quiet_day(
    opened: Any, stand: Newsstand
) -> None:
    async with opened(ARXIV) as room:
        stand.send_empty_pages()
        report = await room.poll_one()
        assert "it is empty, and" in (report.why or "")
        stand.come_back()
        room.clock.pass_by(minutes=1)
        assert (await room.poll_one()).why is None


async def test_arxiv_is_asked_once_in_three_seconds(opened: Any, stand: Newsstand) -> None:
    async with opened(ARXIV) as room:
        await room.poll()
        assert stand.count(QUERIES) == 3
        assert sum(room.hourglass.waited) >= 3.0 * (stand.count(QUERIES) - 1)


async def test_the_same_papers_come_by_both_styles_of_atom(clock: Clock, tmp_path: Path) -> None:
    read = []
    for style in ("new", "old"):
        async with (
            Newsstand(WORLD, clock, style=style) as stand,
            open_newsroom(stand, clock, f"sqlite:///{tmp_path / style}.db", ARXIV) as room,
        ):
            await room.poll()
            read.append({(paper.id, paper.title, paper.version) for paper in await room.stored()})
    assert read[0] == read[1]
    assert read[0]


async def test_one_server_that_is_down_stops_no_other(opened: Any, stand: Newsstand) -> None:
    async with opened("huggingface", ARXIV) as room:
        stand.go_down(path=QUERIES)
        stand.go_down(path="/atom/")
        lists, arxiv = await room.poll()
        assert (lists.why, arxiv.reached) == (None, False)
        assert {paper.id for paper in await room.stored()} == ids_on_lists(WORLD, room.clock.now)

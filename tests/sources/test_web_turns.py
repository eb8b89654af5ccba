"""Manners: how many requests a server gets side by side, and how far apart."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import httpx
import pytest
from website import Request, Site, Watch, open_site, reply

from sources.web.client import Limits, Manner, Web, open_web
from sources.web.turns import Turns


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


async def _ask(web: Web, site: Site, times: int, manner: Manner | None = None) -> None:
    await asyncio.gather(*(web.get(httpx.URL(site.url()), manner=manner) for _ in range(times)))


async def test_only_so_many_requests_are_side_by_side_whoever_asks(site: Site) -> None:
    """Two are, at last: each waits for another one to be there."""
    lock, pair = threading.Lock(), threading.Barrier(2, timeout=30)
    present: set[Request] = set()
    crowds: list[int] = []

    def meet(request: Request) -> None:
        with lock:
            present.add(request)
            crowds.append(len(present))
        pair.wait()
        with lock:
            present.discard(request)
        reply()(request)

    site.play(meet)
    async with open_web() as web:
        await _ask(web, site, 8, Manner(at_once=2))
    assert len(crowds) == 8
    assert max(crowds) == 2


async def test_there_are_seconds_between_the_end_of_one_and_the_start_of_the_next(site: Site) -> None:
    """Also where somebody else asks, who knows nothing of that manner."""
    watch = Watch()
    site.answer()
    async with open_web(world=watch.world()) as web:
        await _ask(web, site, 1, Manner(1, 3.0))
        await _ask(web, site, 2)
    assert watch.pauses == [3.0, 3.0]


async def test_a_further_attempt_waits_for_its_turn(site: Site) -> None:
    """A server in trouble is not asked faster than one that is well."""
    watch = Watch()
    site.play(reply(status=503), reply())
    async with open_web(world=watch.world()) as web:
        await _ask(web, site, 1, Manner(1, 3.0))
    assert watch.pauses == [1.0, 2.0]


async def test_another_server_has_turns_of_its_own(site: Site) -> None:
    """Waiting for one never waits for the other."""
    watch = Watch()
    site.answer()
    with open_site() as other:
        other.answer()
        async with open_web(world=watch.world()) as web:
            await _ask(web, site, 1, Manner(1, 3.0))
            await _ask(web, other, 1, Manner(1, 3.0))
    assert watch.pauses == []


async def test_where_a_redirect_leads_has_manners_of_its_own(site: Site) -> None:
    """What was asked for is asked of the server that it was asked for."""
    watch = Watch()
    with open_site() as other:
        other.answer()
        site.answer(b"", 302, Location=other.url())
        async with open_web(world=watch.world()) as web:
            await _ask(web, site, 1, Manner(1, 3.0))
            await _ask(web, other, 1)
    assert watch.pauses == []


async def test_waiting_for_a_turn_does_not_count_against_the_deadline(site: Site) -> None:
    """A queue may be long; only work is bounded."""
    site.play(reply(), reply(status=500), reply())
    async with open_web(limits=Limits(deadline=5), world=Watch().world()) as web:
        for _ in range(3):
            await _ask(web, site, 1, Manner(1, 100.0))
    assert len(site.asked) == 4


async def test_when_a_server_asks_for_a_short_pause_all_who_ask_it_keep_it(site: Site) -> None:
    """Else the others would be turned away, too. Here no pause ends before both are in one."""
    watch, both = Watch(), asyncio.Barrier(2)

    async def pause(seconds: float) -> None:
        await both.wait()
        await watch.pause(seconds)

    site.play(reply(status=429, Retry_After="5"), reply())
    async with open_web(world=watch.world(pause=pause)) as web:
        await asyncio.wait_for(_ask(web, site, 2, Manner(at_once=1)), timeout=30)
    assert watch.pauses == [5.0, 5.0]


async def test_a_redirect_to_the_same_server_waits_for_no_turn_of_its_own(site: Site) -> None:
    """Who holds the only turn and waits for another would wait for ever."""
    site.answer(b"", 302, Location="/new")
    site.answer(path="/new")
    async with open_web() as web:
        await _ask(web, site, 3, Manner(at_once=1))
    assert site.paths.count("/new") == 3


async def test_who_comes_first_is_served_first_and_who_gives_up_holds_nobody_up() -> None:
    turns, served = Turns(Watch().world()), list[int]()

    async def come(number: int) -> None:
        async with turns.take(Manner(at_once=1)):
            served.append(number)
            await asyncio.sleep(0)

    async with turns.take(Manner()):
        queue = [asyncio.create_task(come(number)) for number in range(5)]
        await asyncio.sleep(0)
        queue[0].cancel()
        queue[2].cancel()
    await asyncio.wait(queue)
    assert served == [1, 3, 4]


async def test_the_seconds_begin_at_the_end_of_a_turn() -> None:
    """A server that takes five seconds for an answer still gets three to breathe."""
    watch = Watch()
    turns = Turns(watch.world())
    async with turns.take(Manner(1, 3.0)):
        watch.seconds += 5.0
    async with turns.take(Manner()):
        assert watch.seconds == 8.0


async def test_nobody_slips_in_while_another_waits_for_the_seconds_to_pass() -> None:
    """Room and seconds are one condition."""
    turns, present, crowds = Turns(Watch().world()), set[int](), list[int]()

    async def come(number: int) -> None:
        async with turns.take(Manner(1, 3.0)):
            present.add(number)
            for _ in range(10):
                crowds.append(len(present))
                await asyncio.sleep(0)
            present.discard(number)

    await asyncio.gather(*map(come, range(4)))
    assert set(crowds) == {1}


async def test_the_strictest_manner_holds() -> None:
    """Whoever asked for it, and whenever."""
    assert Manner(4, 3.0).stricter(Manner(1, 0.0)) == Manner(1, 3.0)

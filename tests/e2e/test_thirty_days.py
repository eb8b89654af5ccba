"""Thirty days of lists, with an outage and a sleep: every paper is there once, no reader gets one twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Hourglass, Stored, end_of, ids_on_lists, open_at, open_newsroom, stored, unhurried_web
from town import Clock, Town, titles

from benchmarks.newsstand import Newsstand, invent, record
from benchmarks.newsstand.values import Edition
from bot.rounds import Paperboy

START = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)  # a Monday
BACKFILL = timedelta(days=9)
DAYS = 30
OUTAGE = range(10, 15)  # days on which the servers are down
SLEEP = range(20, 23)  # days on which the bot is off
STEP = timedelta(hours=12)
LATEST = timedelta(hours=6)  # older lists are read again after that
WORLD = invent(START.date() - BACKFILL, BACKFILL.days + DAYS, a_day=6, beside=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
async def stand(clock: Clock) -> AsyncIterator[Newsstand]:
    async with Newsstand(WORLD, clock) as stand:
        yield stand


class Calendar:
    """Goes through the days step by step, with the servers down on those of the outage.

    ``reached`` are the times of the polls that were answered: after an outage a source is left alone a while.
    """

    def __init__(self, stand: Newsstand, clock: Clock) -> None:
        self._stand = stand
        self._clock = clock
        self.reached: list[datetime] = []

    async def live(self, days: range, poll: Callable[[], Awaitable[object]]) -> None:
        """Poll at each step of these days."""
        while (day := (self._clock.now - START).days) < days.stop:
            self._stand.come_back()
            if day in OUTAGE:
                self._stand.go_down()
            await self._poll(poll)
            self._clock.now += STEP

    async def end(self, poll: Callable[[], Awaitable[object]]) -> None:
        """Poll once more when all lists are due again, the settled ones apart."""
        self._clock.now += LATEST
        await self._poll(poll)

    async def _poll(self, poll: Callable[[], Awaitable[object]]) -> None:
        asked = len(self._stand.asked)
        await poll()
        if any(request.status for request in self._stand.asked[asked:]):
            self.reached.append(self._clock.now)


def assert_each_once(papers: list[Stored], now: datetime) -> None:
    """Every paper that was ever on a list is there once, with the upvotes that it has."""
    there = Counter(paper.id for paper in papers)
    assert set(there) >= ids_on_lists(WORLD, now)
    assert set(there.values()) == {1}
    told = {entry["paper"]["id"]: entry["paper"] for day in WORLD.days for entry in WORLD.on_list(day, now)}
    upvotes = {paper.id: paper.upvotes for paper in papers if paper.id in told}
    assert upvotes == {name: paper["upvotes"] for name, paper in told.items()}
    assert sum(upvotes[entry.id] == entry.upvotes for entry in WORLD.listed if entry.id in upvotes) > 100


def assert_first_seen(papers: list[Stored], reached: list[datetime]) -> None:
    """Papers are there since the day of a list that was never read; what comes to it later is new."""
    seen = {paper.id: paper.first_seen for paper in papers}
    late = 0
    for entry in (entry for entry in WORLD.listed if entry.id in seen):
        first_reading = next(poll for poll in reached if poll.date() >= entry.day)
        if entry.since <= first_reading:
            assert seen[entry.id] == min(first_reading, end_of(entry.day))
        else:
            late += entry.since.date() > entry.day
            found = next((poll for poll in reached if poll >= entry.since + LATEST), reached[-1])
            assert entry.since <= seen[entry.id] <= found
    assert late > 5


def announced(now: datetime) -> dict[str, Edition]:
    """Name what arXiv announced of two categories since the first day, as it stands by now.

    Left out is what was revised while the servers were down: a feed tells of its own day only.
    """
    down = {(START + timedelta(days=day)).date() for day in OUTAGE[1:]}
    return {
        preprint.id: edition
        for preprint in WORLD.preprints
        if {"cs.AI", "cs.CL"}.intersection(preprint.categories)
        and preprint.submitted.date() >= START.date() - BACKFILL
        and not any(revision.announced.date() in down for revision in preprint.revisions)
        and (edition := preprint.at(now))
    }


@asynccontextmanager
async def bot_at(stand: Newsstand, asleep: Town) -> AsyncIterator[Paperboy]:
    """Start the bot with the stand as its only source."""
    async with asleep.bot_awake() as paperboy, unhurried_web(Hourglass()) as client:
        sources = open_at(stand, client, asleep.clock, ["huggingface"])
        asleep.paperboy = replace(paperboy, sources=sources)
        yield asleep.paperboy


async def test_every_paper_is_there_once_and_comes_to_a_reader_once(
    asleep: Town, stand: Newsstand, clock: Clock
) -> None:
    """Thirty days of the real bot, five with the servers down, three with the bot off."""
    backfill = {"backfill_days": BACKFILL.days, "dumps_dir": None}
    asleep.settings, asleep.clock = asleep.settings.model_copy(update=backfill), clock
    calendar = Calendar(stand, clock)
    chat = asleep.chat()

    async def rounds() -> None:
        await asleep.bot.poll_round()
        await asleep.bot.digest_round()

    async with bot_at(stand, asleep):
        await calendar.live(range(1), asleep.bot.poll_round)
        await chat.settle("08:00", "Berlin")
        await calendar.live(range(SLEEP.start), rounds)
    clock.now = START + timedelta(days=SLEEP.stop)
    async with bot_at(stand, asleep) as paperboy:
        await calendar.live(range(DAYS), rounds)
        await calendar.end(rounds)
        papers = await stored(paperboy.database)

    assert_each_once(papers, clock.now)
    assert_first_seen(papers, calendar.reached)
    sent = [title for message in await chat.from_bot() for title in titles(message)]
    assert len(sent) > 60
    assert max(Counter(sent).values()) == 1


async def test_papers_that_both_servers_tell_of_are_one(
    stand: Newsstand, clock: Clock, empty_url: str
) -> None:
    """Thirty days of daily papers and arXiv side by side, five of them with both down."""
    calendar = Calendar(stand, clock)
    names = ("huggingface", "arxiv:cs.AI+cs.CL")
    async with open_newsroom(stand, clock, empty_url, *names, backfill=BACKFILL) as room:
        await calendar.live(range(DAYS), room.poll)
        await calendar.end(room.poll)
        papers = await room.stored()
    assert_each_once(papers, clock.now)
    told = {paper.id: (paper.version, paper.withdrawn) for paper in papers}
    expected = {name: (e.version, bool(e.comment)) for name, e in announced(clock.now - LATEST).items()}
    assert expected.items() <= told.items()
    assert any(withdrawn for _, withdrawn in expected.values())


async def test_nothing_is_asked_without_need(stand: Newsstand, clock: Clock, empty_url: str) -> None:
    """Two days of polls each half hour: today's list each time, yesterday's and older ones seldom."""
    async with open_newsroom(stand, clock, empty_url, backfill=timedelta(days=20)) as room:
        await room.poll()
        backfilled = stand.count()
        assert backfilled == 21
        for _ in range(2 * 48):
            clock.pass_by(minutes=30)
            await room.poll()
    a_day = 48 + 12 + 8 * 4
    assert stand.count() - backfilled <= 2 * a_day
    assert stand.count(status=304) > stand.count(status=200) - backfilled


async def test_a_list_without_news_costs_one_conditional_request(
    stand: Newsstand, clock: Clock, empty_url: str
) -> None:
    async with open_newsroom(stand, clock, empty_url) as room:
        await room.poll()
        asked = stand.count()
        clock.pass_by(minutes=1)
        await room.poll()
    assert stand.count() == asked + 1
    assert stand.asked[-1].status == 304


async def test_real_papers_are_there_once_each(clock: Clock, empty_url: str) -> None:
    """They are as much alike as papers are; one of the lists is real."""
    shared = Path(__file__).parents[3] / "shared"
    if not shared.is_dir():
        pytest.skip("the real papers are not here")
    first, clock.now = date(2025, 9, 1), datetime(2025, 10, 10, 12, tzinfo=UTC)
    backfill = clock.now.date() - first
    world = record(shared, first, backfill.days + 1)
    async with (
        Newsstand(world, clock) as stand,
        open_newsroom(stand, clock, empty_url, backfill=backfill) as room,
    ):
        assert (await room.poll_one()).why is None
        there = Counter(paper.id for paper in await room.stored())
    assert there == Counter(ids_on_lists(world, clock.now))


def test_the_world_has_what_these_days_are_about() -> None:
    """Papers that come late, days with nothing, revisions and withdrawals: else nothing above was shown."""
    late = [entry for entry in WORLD.listed if entry.since.date() > entry.day]
    empty = [day for day, entries in WORLD.days.items() if not entries]
    revised = [preprint for preprint in WORLD.preprints if preprint.revisions]
    withdrawn = [p for p in revised if any(revision.comment for revision in p.revisions)]
    assert all((late, empty, revised, withdrawn))

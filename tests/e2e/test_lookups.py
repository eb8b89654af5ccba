"""Papers of text dumps come to their arXiv ids: politely, surely, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from newsroom import Hourglass, open_newsroom, stored, unhurried_web
from town import MORNING, Clock, Town, titles

from benchmarks.newsstand import Newsstand, World, invent
from benchmarks.newsstand.values import Preprint, Revision
from bot.polling.lookups import MOST_AT_ONCE, Lookups, find_same
from recommender.values import Paper
from sources.arxiv_titles import ArxivTitles
from storage import papers, votes
from storage.database import Database

INVENTED = invent(date(2026, 11, 2), 14, a_day=3)
WORLD = replace(INVENTED, preprints=tuple(replace(p, revisions=()) for p in INVENTED.preprints))
FIRST, SECOND, THIRD = WORLD.preprints[:3]


def told(preprint: Preprint, **otherwise: str) -> Paper:
    """Tell of a preprint as a text dump does: without its id."""
    return replace(Paper(title=preprint.title, abstract=preprint.abstract), **otherwise)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hourglass() -> Hourglass:
    return Hourglass()


@pytest.fixture
async def stand(clock: Clock) -> AsyncIterator[Newsstand]:
    async with Newsstand(WORLD, clock) as stand:
        yield stand


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def lookups(
    stand: Newsstand, database: Database, clock: Clock, hourglass: Hourglass
) -> AsyncIterator[Lookups]:
    async with unhurried_web(hourglass) as web:
        yield Lookups(database, ArxivTitles(stand.url, web), clock)


async def store(database: Database, *dump: Paper, days_ago: int = 0) -> tuple[int, ...]:
    async with database.writing() as session:
        return (await papers.upsert(session, dump, MORNING - timedelta(days=days_ago))).added


async def ids(database: Database) -> list[str | None]:
    return [paper.id for paper in await stored(database)]


async def test_a_paper_comes_to_its_id_and_to_what_arxiv_tells(lookups: Lookups, database: Database) -> None:
    """It stays the row that it was, and is no newer than it was."""
    added = await store(database, told(FIRST, abstract=f"{FIRST.abstract[:300]}"), days_ago=2)
    assert await lookups.seek_due() == 1
    async with database.reading() as session:
        found = await papers.get(session, added)
    paper = found[added[0]]
    assert (paper.arxiv_id, paper.authors, paper.abstract) == (FIRST.id, FIRST.authors, FIRST.abstract)
    (row,) = await stored(database)
    assert row.first_seen == MORNING - timedelta(days=2)


async def test_a_look_up_adds_no_paper(lookups: Lookups, database: Database) -> None:
    """Though two rows of one title, which know nothing of each other, are both the paper that is found."""
    words = FIRST.abstract.split()
    reworded = " ".join(["Other", "words", "begin", "it:", *words[8:]])
    await store(database, told(FIRST, abstract=" ".join(words[:12])), told(FIRST, abstract=reworded))
    assert await ids(database) == [None, None]
    await lookups.seek_due()
    assert await ids(database) == [FIRST.id]


async def test_votes_follow_where_two_rows_turn_out_to_be_one(lookups: Lookups, database: Database) -> None:
    """A text dump brought the paper in other words than those that arXiv brought."""
    (by_text,) = await store(database, told(FIRST, abstract=FIRST.abstract.replace(". ", "! Now: ")))
    (by_id,) = await store(database, Paper(title="Another Title", abstract=FIRST.abstract, arxiv_id=FIRST.id))
    async with database.writing() as session:
        await votes.put(session, 7, 70, by_id, up=True, now=MORNING)
    assert await lookups.seek_due() == 1
    assert await ids(database) == [FIRST.id]
    async with database.reading() as session:
        assert [vote.paper_id for vote in await votes.of_chat(session, 7)] == [by_text]


@pytest.mark.parametrize(
    "nameless",
    [
        told(FIRST, abstract="We study something else altogether, and it takes as many words to say so."),
        told(FIRST, abstract=""),
        told(FIRST, title=f"{FIRST.title} Revisited"),
        Paper(title="Nobody Wrote This", abstract=FIRST.abstract),
    ],
    ids=["another abstract", "no abstract", "a longer title", "no such title"],
)
async def test_a_title_alone_names_no_paper(lookups: Lookups, database: Database, nameless: Paper) -> None:
    """Different papers do share titles."""
    await store(database, nameless)
    assert await lookups.seek_due() == 0
    assert await ids(database) == [None]


def test_where_two_papers_are_the_same_none_is_meant() -> None:
    """Two ids for one text are a riddle; one id that is told twice is none."""
    one, other = (replace(told(FIRST), arxiv_id=name) for name in ("2601.00001", "2601.00002"))
    assert find_same(told(FIRST), [one, one]) == one
    assert find_same(told(FIRST), [one, other]) is None


def test_a_title_that_stands_alone_is_not_that_of_a_withdrawn_paper() -> None:
    """It has no abstract either, and would take the other one away with it."""
    withdrawn = Paper(title="Erratum", arxiv_id="2601.00001", withdrawn=True)
    assert find_same(Paper(title="Erratum"), [withdrawn]) is None


async def test_each_paper_is_asked_for_once(lookups: Lookups, database: Database, stand: Newsstand) -> None:
    """Those that were not found are asked for again after days, those that were never."""
    await store(database, told(FIRST), Paper(title="Nobody Wrote This"))
    assert [await lookups.seek_due() for _ in range(3)] == [1, 0, 0]
    assert stand.count("/api/query") == 2


async def test_a_round_asks_for_a_few_the_newest_first(
    lookups: Lookups, database: Database, stand: Newsstand, hourglass: Hourglass
) -> None:
    """At arXiv's pace: a folder of old dumps takes hours, and nobody waits for them."""
    await store(database, *(Paper(title=f"Kite {number}") for number in range(30)), days_ago=300)
    await store(database, told(SECOND))
    assert await lookups.seek_due() == 1
    assert stand.count("/api/query") == MOST_AT_ONCE
    assert hourglass.seconds() == pytest.approx(3.0 * (MOST_AT_ONCE - 1), abs=0.5)


async def test_a_title_that_arxiv_cannot_answer_is_put_off(
    lookups: Lookups, database: Database, stand: Newsstand, clock: Clock
) -> None:
    """It does not stand in the way of the others."""
    await store(database, told(FIRST), told(SECOND), told(THIRD))
    stand.answer_status(400, requests=1)
    assert [await lookups.seek_due() for _ in range(2)] == [2, 0]
    clock.pass_by(days=3)
    assert await lookups.seek_due() == 1


async def test_an_outage_of_arxiv_puts_off_no_paper(
    lookups: Lookups, database: Database, stand: Newsstand
) -> None:
    await store(database, told(FIRST), told(SECOND), told(THIRD))
    stand.answer_status(400, requests=4)
    assert [await lookups.seek_due() for _ in range(3)] == [0, 0, 3]
    assert stand.count("/api/query") == 4 + 3


async def test_arxiv_is_left_alone_for_as_long_as_it_asks(
    lookups: Lookups, database: Database, stand: Newsstand, clock: Clock
) -> None:
    await store(database, told(FIRST), told(SECOND))
    stand.answer_status(429, retry_after="3600", requests=1)
    assert [await lookups.seek_due() for _ in range(2)] == [0, 0]
    assert stand.count("/api/query") == 1
    clock.pass_by(minutes=61)
    assert await lookups.seek_due() == 2


class Standstill(Hourglass):
    """Time that does not pass: who waits for it waits until they are told to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.awaited.set()
        await asyncio.Event().wait()


async def test_a_stop_in_the_middle_loses_nothing(
    lookups: Lookups, database: Database, stand: Newsstand, clock: Clock
) -> None:
    """What was found before it is kept, and what was not asked for is asked for at the next start."""
    await store(database, told(FIRST), told(SECOND))
    standstill = Standstill()
    async with unhurried_web(standstill) as web:
        seeking = asyncio.create_task(Lookups(database, ArxivTitles(stand.url, web), clock).seek_due())
        await standstill.awaited.wait()
        seeking.cancel()
        await asyncio.gather(seeking, return_exceptions=True)
    assert sorted(map(str, await ids(database))) == sorted(["None", SECOND.id])
    assert await lookups.seek_due() == 1
    assert stand.count("/api/query") == 2


async def test_the_bot_seeks_between_its_polls_and_ranks_by_what_it_found(asleep: Town) -> None:
    """With the real wiring; the title in the digest then leads to arXiv."""
    async with Newsstand(WORLD, asleep.clock) as stand:
        asleep.settings = asleep.settings.model_copy(update={"arxiv_lookup": True, "arxiv_api": stand.url})
        (asleep.settings.dumps_dir / "list.json").unlink()
        async with asleep.bot_awake() as paperboy:
            await store(paperboy.database, told(FIRST))
            await paperboy.poll_round()
            await paperboy.lookup_round()
            assert await ids(paperboy.database) == [FIRST.id]
            await asleep.chat().say("/today")
            message = await asleep.chat().wait_for("fresh off the press")
            assert titles(message) == [FIRST.title]
            assert any(FIRST.id in entity.get("url", "") for entity in message["entities"])


async def test_the_owner_can_switch_it_off(asleep: Town) -> None:
    async with Newsstand(WORLD, asleep.clock) as stand:
        asleep.settings = asleep.settings.model_copy(update={"arxiv_api": stand.url})
        async with asleep.bot_awake() as paperboy:
            await store(paperboy.database, told(FIRST))
            await paperboy.lookup_round()
            assert stand.count() == 0


# Revisions


def _revised() -> World:
    """Revise one paper and take back another one, a week after they were announced."""
    later = FIRST.announced + timedelta(days=7)
    revised = Revision(later, FIRST.title, f"{FIRST.abstract} Now it is right.")
    withdrawn = Revision(
        later, SECOND.title, "This paper has been withdrawn.", "This paper has been withdrawn."
    )
    news = {FIRST.id: (revised,), SECOND.id: (withdrawn,)}
    preprints = tuple(
        replace(preprint, categories=("cs.AI",), revisions=news.get(preprint.id, ()))
        for preprint in WORLD.preprints
    )
    return replace(WORLD, preprints=preprints)


@pytest.mark.parametrize("known", [True, False])
async def test_a_revision_is_news_only_of_a_paper_that_is_known(empty_url: str, *, known: bool) -> None:
    """It brings its text and whether it was withdrawn; an unknown paper of last month is no new one."""
    clock = Clock(FIRST.announced + timedelta(days=7, hours=8))
    async with (
        Newsstand(_revised(), clock) as stand,
        open_newsroom(stand, clock, empty_url, "arxiv:cs.AI", backfill=timedelta(days=1)) as room,
    ):
        first = [Paper(title=p.title, abstract=p.abstract, arxiv_id=p.id, version=1) for p in (FIRST, SECOND)]
        await store(room.database, *(first if known else ()), days_ago=30)
        report = await room.poll_one()
        there = {paper.id: paper for paper in await room.stored()}
        assert report.error is None
        if not known:
            assert {FIRST.id, SECOND.id}.isdisjoint(there)
            return
        assert (there[FIRST.id].version, there[FIRST.id].abstract[-16:]) == (2, "Now it is right.")
        assert (there[SECOND.id].withdrawn, there[SECOND.id].abstract) == (True, SECOND.abstract)
        assert report.updated >= 2

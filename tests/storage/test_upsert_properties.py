"""What holds for any dumps at all; each example works in a savepoint that is rolled back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper
from storage import papers
from storage.database import Database
from storage.identity import wording

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)
LONG = "We present a method that finds the papers a reader would have picked. " * 5
TELLING = "Weeds Win: Watching Gardens Without Gardeners"
DUMPS = st.lists(
    st.builds(
        Paper,
        title=st.sampled_from(["A", "a.", "B"]),
        abstract=st.sampled_from(["", LONG, LONG[:300], LONG.upper(), "Another one."]),
        arxiv_id=st.sampled_from([None, None, "1", "2", "3"]),
        upvotes=st.none() | st.integers(0, 2),
    ),
    max_size=8,
)
TITLES = {"1": "A", "2": "a.", "3": "B"}
# Which of two titles an id belongs to, the order decides; so here each has one.
ONE_TITLE_AN_ID = DUMPS.map(
    lambda dump: [replace(paper, title=TITLES.get(paper.arxiv_id or "", paper.title)) for paper in dump]
)
# Titles that are telling, shared by several papers, whose abstracts are cut, revised, missing and others'.
AMBIGUOUS = st.lists(
    st.builds(
        Paper,
        title=st.sampled_from([TELLING, TELLING.upper(), "B"]),
        abstract=st.sampled_from(["", LONG, LONG[:60], LONG[4:], "Short.", "Kettles boil. " * 20]),
        arxiv_id=st.sampled_from([None, None, "1", "2"]),
        upvotes=st.none() | st.integers(0, 2),
        version=st.sampled_from([None, 1, 2]),
        withdrawn=st.booleans(),
    ),
    max_size=8,
)


def tellings(number: int) -> st.SearchStrategy[Paper]:
    """Tell of one paper as sources do: arXiv each revision, a list one of them, a page any part."""
    first = "".join(f"Word {number} of {place} in the first. " for place in range(20))
    second = first.replace("Word 5 ", "The next word ").replace("first", "second", 3)
    named = Paper(title=f"{TELLING}, seen from {number} sides", arxiv_id=f"{number}", authors=("Ada",))
    revisions = [
        replace(named, abstract=first, version=1, authors=("Ada Ünal",)),
        replace(named, abstract=second, version=2, title=named.title.upper()),
        replace(named, version=3, withdrawn=True),
    ]
    listed = replace(named, abstract=first, upvotes=7, summary="Short.", keywords=("a", "b"))
    page = [
        Paper(title=named.title, abstract=abstract, author_count=1)
        for abstract in (first, second, first[:200] + "…", "")
    ]
    return st.sampled_from([*revisions, listed, *page])


SOURCES = st.lists(st.lists(st.integers(1, 3).flatmap(tellings), max_size=6), max_size=5)
EACH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@asynccontextmanager
async def empty(database: Database) -> AsyncIterator[AsyncSession]:
    """Lend a session on empty tables, and leave them empty."""
    async with database.writing() as session:
        savepoint = await session.begin_nested()
        yield session
        await savepoint.rollback()


async def stored(session: AsyncSession) -> dict[int, Paper]:
    """Read all papers by id."""
    return await papers.get(session, await papers.newest(session, 100))


async def identities(session: AsyncSession) -> list[str]:
    """Name the stored papers: by arXiv id where known, else by wording."""
    found = (await stored(session)).values()
    return sorted(paper.arxiv_id or wording(paper.title, paper.abstract) for paper in found)


async def upsert_one_by_one(session: AsyncSession, dump: Sequence[Paper]) -> None:
    """Store each paper as a dump of its own."""
    for paper in dump:
        await papers.upsert(session, [paper], NOW)


@EACH
@given(DUMPS | AMBIGUOUS)
async def test_any_dump_twice_is_that_dump_once(database: Database, dump: list[Paper]) -> None:
    """Whatever a dump repeats or contradicts, reading it again changes nothing."""
    async with empty(database) as session:
        await papers.upsert(session, dump, NOW)
        once = await stored(session)
        assert await papers.upsert(session, dump, NOW) == papers.Upserted((), 0)
        assert await stored(session) == once


@EACH
@given(ONE_TITLE_AN_ID, st.randoms())
async def test_order_does_not_matter(database: Database, dump: list[Paper], random: st.DataObject) -> None:
    """The same papers are known in the end, in whatever order dumps tell of them, together or one by one."""
    shuffled = random.sample(dump, len(dump))
    async with empty(database) as session:
        await papers.upsert(session, dump, NOW)
        together = await identities(session)
    async with empty(database) as session:
        await upsert_one_by_one(session, shuffled)
        assert await identities(session) == together


@EACH
@given(DUMPS | AMBIGUOUS)
async def test_each_id_has_one_row(database: Database, dump: list[Paper]) -> None:
    """No two stored papers share an id, and every paper of a dump finds itself again."""
    async with empty(database) as session:
        upserted = await papers.upsert(session, dump, NOW)
        found = [paper.arxiv_id for paper in (await stored(session)).values()]
        ids = [arxiv_id for arxiv_id in found if arxiv_id]
        assert len(found) == len(upserted.added)
        assert sorted(ids) == sorted({paper.arxiv_id for paper in dump if paper.arxiv_id})


@EACH
@given(DUMPS)
async def test_each_paper_is_stored_once(database: Database, dump: list[Paper]) -> None:
    """No two stored papers have one text and no id to tell them apart."""
    async with empty(database) as session:
        await papers.upsert(session, dump, NOW)
        found = await identities(session)
        assert len(found) == len(set(found))


@EACH
@given(st.lists(AMBIGUOUS, max_size=4))
async def test_no_paper_comes_or_goes_when_dumps_are_read_again(
    database: Database, dumps: list[list[Paper]]
) -> None:
    """Whatever they contradict each other in, a second round adds and joins none, and settles texts."""
    async with empty(database) as session:
        rounds = []
        for _ in range(3):
            for dump in dumps:
                await papers.upsert(session, dump, NOW)
            rounds.append(await stored(session))
        first, second, third = rounds
        assert {row: paper.arxiv_id for row, paper in first.items()} == {
            row: paper.arxiv_id for row, paper in second.items()
        }
        assert second == third


@EACH
@given(SOURCES, st.randoms())
async def test_sources_that_agree_tell_nothing_anew(
    database: Database, dumps: list[list[Paper]], random: st.DataObject
) -> None:
    """Lists, pages and revisions of the same papers in any order: one row each, and no news later."""
    shuffled = [random.sample(dump, len(dump)) for dump in random.sample(dumps, len(dumps))]
    told = {paper.title.casefold() for dump in dumps for paper in dump}
    ends: list[list[Paper]] = []
    for order in (dumps, shuffled):
        async with empty(database) as session:
            for dump in order:
                await papers.upsert(session, dump, NOW)
            for dump in reversed(order):
                assert await papers.upsert(session, dump, NOW) == papers.Upserted((), 0)
            ends.append(sorted((await stored(session)).values(), key=lambda paper: paper.title.casefold()))
    assert [paper.title.casefold() for paper in ends[0]] == sorted(told)
    assert [_essence(paper) for paper in ends[0]] == [_essence(paper) for paper in ends[1]]


def _essence(paper: Paper) -> tuple[object, ...]:
    """Take what must not depend on who told first: the newest text with an id, and all that is known."""
    return paper.arxiv_id, paper.version, paper.withdrawn, paper.upvotes, paper.summary, bool(paper.abstract)

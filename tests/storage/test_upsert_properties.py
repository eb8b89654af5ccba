"""What holds for any dumps at all; each example works in a savepoint that is rolled back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
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
@given(DUMPS)
async def test_any_dump_twice_is_that_dump_once(database: Database, dump: list[Paper]) -> None:
    """Whatever a dump repeats or contradicts, reading it again changes nothing."""
    async with empty(database) as session:
        await papers.upsert(session, dump, NOW)
        once = await stored(session)
        assert await papers.upsert(session, dump, NOW) == papers.Upserted((), 0)
        assert await stored(session) == once


@EACH
@given(DUMPS, st.randoms())
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
@given(DUMPS)
async def test_each_paper_is_stored_once(database: Database, dump: list[Paper]) -> None:
    """No two stored papers share an id, and every paper of a dump finds itself again."""
    async with empty(database) as session:
        upserted = await papers.upsert(session, dump, NOW)
        found = await identities(session)
        assert len(found) == len(set(found)) == len(upserted.added)
        assert {paper.arxiv_id for paper in dump if paper.arxiv_id} <= set(found)

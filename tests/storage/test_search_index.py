"""The index of words says what the papers say, whatever is done to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper
from storage import papers
from storage.database import Database
from storage.dialects import speaks_postgresql
from storage.papers import Upserted
from storage.search import Query, find

Store = Callable[..., Awaitable[Upserted]]
LONG = "We present a method that finds the papers a reader would have picked. " * 5
DUMPS = st.lists(
    st.lists(
        st.builds(
            Paper,
            title=st.sampled_from(["A bird", "a Bird.", "A fish"]),
            abstract=st.sampled_from(["", LONG, LONG[:300], LONG + "More."]),
            arxiv_id=st.sampled_from([None, None, "1", "2"]),
            authors=st.sampled_from([(), ("Ada", 'Bo "B"')]),
            organization=st.sampled_from([None, "Lab"]),
            upvotes=st.none() | st.integers(0, 2),
        ),
        max_size=4,
    ),
    max_size=4,
)


async def check(session: AsyncSession) -> None:
    """Have SQLite compare its index with the papers; PostgreSQL keeps its own in step."""
    if not speaks_postgresql(session):
        compare = "INSERT INTO paper_words (paper_words, rank) VALUES ('integrity-check', 1)"
        await session.execute(text(compare))


async def found(database: Database, words: str) -> list[int]:
    """Find papers by words."""
    async with database.reading() as session:
        return await find(session, Query(words), 99)


async def test_a_changed_text_is_found_by_its_new_words_alone(database: Database, store: Store) -> None:
    """What a paper says no more does not find it."""
    await store(Paper(title="Birds", arxiv_id="1", abstract="They sing."))
    await store(Paper(title="Fish", arxiv_id="1", organization="Pond"))
    assert await found(database, "birds") == []
    assert await found(database, "fish sing pond") == [1]


async def test_a_joined_paper_is_found_once(database: Database, store: Store) -> None:
    """The paper that became part of another is gone from the index, and the other has its words."""
    await store(Paper(title="Birds", abstract=LONG), Paper(title="Old birds", arxiv_id="1"))
    await store(Paper(title="Birds", abstract=LONG, arxiv_id="1"))
    assert await found(database, "birds") == [1]


async def test_a_removed_paper_is_not_found(database: Database, store: Store) -> None:
    """The sample leaves the index with the papers."""
    await store(Paper(title="Birds"), sample=True)
    async with database.writing() as session:
        await papers.remove_samples(session)
        await check(session)
    assert await found(database, "birds") == []


async def test_what_is_undone_is_not_found(database: Database, now: datetime) -> None:
    """A transaction that ends in nothing leaves nothing in the index."""
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title="Birds")], now)
        await session.rollback()
    assert await found(database, "birds") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DUMPS)
async def test_the_index_is_right_after_any_dumps(
    database: Database, now: datetime, dumps: list[list[Paper]]
) -> None:
    """Whatever dumps add, change and join, the index is that of the papers there are."""
    async with database.writing() as session:
        savepoint = await session.begin_nested()
        for dump in dumps:
            await papers.upsert(session, dump, now)
        await check(session)
        stored = await papers.get(session, await papers.newest(session, 99))
        birds = {paper_id for paper_id, paper in stored.items() if "bird" in paper.title.lower()}
        assert set(await find(session, Query("bird"), 99)) == birds
        await savepoint.rollback()

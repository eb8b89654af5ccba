"""Papers that became part of another are found by the ids that they had."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from recommender.values import Paper
from storage import aliases, papers
from storage.database import Database
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]
LONG = "We present a method that finds the papers a reader would have picked. " * 10


@pytest.fixture
async def joined(database: Database, store: Store) -> Database:
    """Store three papers, of which 3 became part of 2, and then 2 part of 1."""
    await store(
        Paper(title="A", abstract=LONG),
        Paper(title="B", abstract=LONG),
        Paper(title="C", abstract=LONG, arxiv_id="1"),
    )
    await store(Paper(title="B", abstract=LONG, arxiv_id="1"))
    await store(Paper(title="A", abstract=LONG, arxiv_id="1"))
    return database


async def test_a_chain_ends_at_the_paper_that_stays(joined: Database) -> None:
    """However often a paper became part of another, its id leads there in one step."""
    async with joined.reading() as session:
        assert await papers.among(session, [1, 2, 3]) == {1}
        assert await aliases.current_of(session, [1, 2, 3]) == {1: 1, 2: 1, 3: 1}
        assert await aliases.current(session, 3) == 1


async def test_an_id_of_no_paper_is_its_own(joined: Database) -> None:
    """Unknown ids, and those of interests, are given back as they are."""
    async with joined.reading() as session:
        assert await aliases.current_of(session, [-5, 99]) == {-5: -5, 99: 99}
        assert await aliases.current_of(session, []) == {}


async def test_a_paper_is_found_by_any_id_that_it_had(joined: Database) -> None:
    """Together with the id that it has now; an id that none ever had finds nothing."""
    async with joined.reading() as session:
        found = await papers.find(session, 3)
        assert found is not None
        assert (found[0], found[1].title) == (1, "A")
        assert await papers.find(session, 1) == found
        assert await papers.find(session, 99) is None


async def test_a_chain_within_one_dump_ends_there_too(database: Database, store: Store) -> None:
    """Three rows that one dump shows to be one are one, the oldest."""
    three = [Paper(title=title, abstract=LONG) for title in "ABC"]
    await store(*three)
    await store(*(Paper(title=title, abstract=LONG, arxiv_id="1") for title in "CBA"))
    async with database.reading() as session:
        assert await aliases.current_of(session, [1, 2, 3]) == {1: 1, 2: 1, 3: 1}
        assert await papers.count(session) == 1


async def test_aliases_leave_with_their_paper(database: Database, store: Store) -> None:
    """Where the paper that stayed is a sample and goes, the former id leads nowhere."""
    await store(Paper(title="A", abstract=LONG), Paper(title="B", arxiv_id="1"), sample=True)
    await store(Paper(title="A", abstract=LONG, arxiv_id="1"), sample=True)
    async with database.writing() as session:
        await papers.remove_samples(session)
        assert await papers.find(session, 2) is None

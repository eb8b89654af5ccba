"""Which papers arXiv is asked about, and when again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from recommender.values import Paper
from storage import papers, sought
from storage.database import Database
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]

NAMED = Paper(title="Kites with an id", arxiv_id="2601.00001")
KITES, LOOMS = Paper(title="Kites", abstract="They fly."), Paper(title="Looms", abstract="They weave.")


async def due(database: Database, now: datetime, limit: int = 10) -> list[str]:
    async with database.reading() as session:
        return [nameless.paper.title for nameless in await sought.due(session, now, limit)]


async def mark_all(database: Database, now: datetime) -> None:
    async with database.writing() as session:
        for nameless in await sought.due(session, now, 10):
            await sought.mark(session, nameless.id, now)


async def test_only_real_papers_without_an_id_are_sought(
    database: Database, store: Store, now: datetime
) -> None:
    """Samples are invented: nobody has them."""
    await store(KITES, NAMED)
    await store(Paper(title="Invented"), sample=True)
    assert await due(database, now) == ["Kites"]


async def test_the_newest_come_first(database: Database, store: Store, now: datetime) -> None:
    """However many are left of a folder of old dumps."""
    await store(KITES, at=now - timedelta(days=400))
    await store(LOOMS, Paper(title="Mills"))
    assert await due(database, now) == ["Mills", "Looms", "Kites"]
    assert await due(database, now, limit=1) == ["Mills"]


@pytest.mark.parametrize(("days", "again"), [(0, False), (2.9, False), (3, True), (13.9, True), (14, False)])
async def test_a_paper_is_sought_again_each_three_days_for_two_weeks(
    database: Database, store: Store, now: datetime, days: float, *, again: bool
) -> None:
    """Some are on a list days before they are at arXiv."""
    await store(KITES)
    await mark_all(database, now)
    assert await due(database, now + timedelta(days=days)) == (["Kites"] if again else [])


async def test_an_old_paper_is_sought_once(database: Database, store: Store, now: datetime) -> None:
    await store(KITES, at=now - timedelta(days=400))
    assert await due(database, now) == ["Kites"]
    await mark_all(database, now)
    assert await due(database, now + timedelta(days=30)) == []


async def test_what_is_due_is_the_stored_paper_whole(database: Database, store: Store, now: datetime) -> None:
    told = Paper(title="Kites", abstract="They fly.", authors=("Ada Farrow",), upvotes=3)
    added = (await store(told)).added
    async with database.reading() as session:
        (nameless,) = await sought.due(session, now, 10)
    assert ((nameless.id,), nameless.paper) == (added, told)


async def test_being_sought_is_no_news_of_a_paper(database: Database, store: Store, now: datetime) -> None:
    await store(KITES)
    await mark_all(database, now)
    assert (await store(KITES)).updated == 0
    async with database.reading() as session:
        assert await papers.count(session) == 1

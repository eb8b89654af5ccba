from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from recommender.values import Paper
from storage import papers, trending
from storage.database import Database
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]
TODAY = date(2026, 1, 31)


def paper(title: str, featured: date | None = TODAY, **known: int | str) -> Paper:
    return Paper(title=title, featured=featured, **known)


async def titles(database: Database, since: date, limit: int = 10, offset: int = 0) -> list[str]:
    async with database.reading() as session:
        found = await trending.of_days(session, since, limit=limit, offset=offset)
    return [told.title for _, told in found]


async def test_without_papers_there_is_no_newest_day(database: Database) -> None:
    async with database.reading() as session:
        assert await trending.newest_day(session) is None
        assert await trending.count(session, TODAY) == 0


async def test_most_upvotes_come_first_then_comments_then_who_came_first(
    database: Database, store: Store
) -> None:
    """Upvotes that are not known count as none."""
    await store(paper("first"), paper("second"), paper("loved", upvotes=2), paper("talked of", comments=3))
    assert await titles(database, TODAY) == ["loved", "talked of", "first", "second"]
    assert await titles(database, TODAY, limit=2, offset=1) == ["talked of", "first"]


async def test_withdrawn_papers_are_not_trending(database: Database, store: Store) -> None:
    """What its authors took back is neither shown nor counted."""
    await store(paper("kept"), paper("withdrawn", upvotes=9, arxiv_id="1"))
    await store(Paper(title="withdrawn", arxiv_id="1", version=2, withdrawn=True))
    assert await titles(database, TODAY) == ["kept"]
    async with database.reading() as session:
        assert await trending.count(session, TODAY) == 1


async def test_only_the_days_asked_for_are_read(database: Database, store: Store) -> None:
    yesterday = TODAY - timedelta(days=1)
    await store(paper("new"), paper("old", yesterday, upvotes=9))
    assert await titles(database, TODAY) == ["new"]
    assert await titles(database, yesterday) == ["old", "new"]
    async with database.reading() as session:
        assert await trending.newest_day(session) == TODAY
        assert await trending.count(session, yesterday) == 2


async def test_a_paper_of_no_list_counts_by_the_day_it_came(
    database: Database, store: Store, now: datetime
) -> None:
    await store(paper("plain", None), at=now)
    await store(paper("plain and older", None), at=now - timedelta(days=3))
    assert await titles(database, TODAY) == ["plain"]
    async with database.reading() as session:
        assert await trending.newest_day(session) == TODAY


async def test_papers_are_found_by_their_arxiv_ids(database: Database, store: Store) -> None:
    added = await store(paper("a", arxiv_id="2601.00001"), paper("b", arxiv_id="2601.00002"))
    async with database.reading() as session:
        found = await papers.by_arxiv_id(session, ["2601.00002", "2601.99999"])
    assert found == {"2601.00002": added.added[1]}

"""Papers are found by what people write of them, and votes of long ago give way to newer ones."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper, Vote
from storage import papers, recognition, votes
from storage.database import Database
from storage.identity import wording

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
STARS = Paper(title="Sailing by the stars", abstract="Stars tell.", authors=("Ada Lovelace", "Bo Two"))
SHORT = Paper(title="Editorial", abstract="This issue has a wide range of topics.")


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.writing() as session:
        await papers.upsert(session, [STARS, SHORT], NOW)
        yield session


async def test_a_wording_names_its_paper(session: AsyncSession) -> None:
    known = wording("sailing BY the stars.", "Stars tell.")
    assert await recognition.by_wording(session, [known, "0" * 32]) == {known: 1}


@pytest.mark.parametrize(
    "title",
    ["SAILING: by the stars!", "sailing by the stars lovelace", "Sailing by the stars Lovelace Two"],
)
async def test_a_title_is_known_whatever_its_signs_and_with_surnames(
    session: AsyncSession, title: str
) -> None:
    assert await recognition.by_title(session, [title, "Sailing by the moon alone"]) == {title: 1}


async def test_a_title_too_short_to_tell_a_paper_is_nobodys(session: AsyncSession) -> None:
    assert await recognition.by_title(session, ["Editorial"]) == {}


async def test_no_titles_are_found_without_a_look(session: AsyncSession) -> None:
    assert await recognition.by_title(session, []) == {}


async def test_a_vote_of_long_ago_gives_way_to_a_newer_one(session: AsyncSession) -> None:
    before, after = NOW - timedelta(days=1), NOW + timedelta(days=1)
    await votes.put(session, 7, 7, 1, up=True, now=NOW)
    assert await votes.put_older(
        session, 7, 7, [Vote(1, up=False, at=before), Vote(2, up=True, at=before)]
    ) == [Vote(2, up=True, at=before)]
    assert await votes.put_older(session, 7, 7, [Vote(1, up=False, at=NOW)]) == []
    assert await votes.put_older(session, 7, 7, [Vote(1, up=False, at=after)]) == [
        Vote(1, up=False, at=after)
    ]
    assert await votes.of_chat(session, 7) == [Vote(2, up=True, at=before), Vote(1, up=False, at=after)]

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.ranking.rulebooks import Rulebooks
from recommender.rules import NO_RULES, Rule, RuleKind
from recommender.values import Paper
from storage import papers, rules
from storage.database import Database

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BOATS = Rule(RuleKind.MUTE, "boats")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Papers 1 on boats, 2 on bees and 3 on boats; chat 7 mutes boats, and chat 8 has no rules."""
    database = Database(f"sqlite:///{tmp_path / 'paperboy.db'}")
    await database.open()
    async with database.writing() as session:
        titles = ("Boats at sea", "Bees", "A boat at last")
        await papers.upsert(session, [Paper(title=title) for title in titles], NOW)
        await rules.put(session, 7, BOATS, NOW)
    yield database
    await database.close()


async def test_the_rules_of_a_chat_are_held_against_the_papers_asked_for(database: Database) -> None:
    """An id that names no paper is passed over."""
    async with database.reading() as session:
        book = await Rulebooks().rulebook_of(session, 7, [1, 2, 99])
    assert book.muted() == {1}


async def test_without_rules_no_paper_is_read(database: Database) -> None:
    async with database.reading() as session:
        assert await Rulebooks().rulebook_of(session, 8, [1, 2, 3]) is NO_RULES


async def test_papers_that_were_not_asked_for_before_are_read(database: Database) -> None:
    rulebooks = Rulebooks()
    async with database.reading() as session:
        await rulebooks.rulebook_of(session, 7, [2])
        assert (await rulebooks.rulebook_of(session, 7, [2, 3])).muted() == {3}


async def test_papers_are_read_once_for_chats_that_ask_for_the_same(database: Database) -> None:
    """Also for one that asks for fewer, and for one that was told of an id without a paper."""
    rulebooks = Rulebooks()
    async with database.reading() as session:
        await rulebooks.rulebook_of(session, 7, [1, 2, 3, 99])
        asked: list[str] = []
        connection = (await session.connection()).sync_connection
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
        await rulebooks.rulebook_of(session, 7, [1, 3, 99])
    assert [statement for statement in asked if "FROM papers" in statement] == []
    assert asked


async def test_only_the_papers_asked_about_are_counted(database: Database) -> None:
    """Though others were read before."""
    rulebooks = Rulebooks()
    async with database.reading() as session:
        assert await rulebooks.count_met(session, BOATS, [1, 2, 3]) == 2
        assert await rulebooks.count_met(session, BOATS, [2, 3]) == 1

"""What was kept by an older version is there in the newest one, and works as if it had come today."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from recommender.values import Paper, Pick, Reason, Slot
from storage import ledger, papers, readers, votes
from storage.database import Database
from storage.readers import EVERY_DAY, Reader
from storage.schema import alembic_config
from storage.search import Query, find
from storage.states import Layout
from storage.tables import metadata

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")

BEFORE_PROPENSITIES = """
INSERT INTO papers (id, title, abstract, authors, keywords, sample, first_seen)
    VALUES (1, 'A', '', '', '', 0, '2026-01-31 07:00:00.000000'),
           (2, 'B', '', '', '', 0, '2026-01-31 07:00:00.000000');
INSERT INTO votes VALUES (5, 1, 9, 1, '2026-01-31 07:00:00.000000');
INSERT INTO digests (id, chat_id, kind, local_day, state, message_id, attempts, planned_at)
    VALUES (7, 5, 'daily', '2026-01-31', 'sent', 77, 1, '2026-01-31 07:00:00.000000'),
           (8, 5, 'daily', '2026-02-01', 'sent', 78, 1, '2026-01-31 07:00:00.000000');
INSERT INTO picks VALUES (7, 0, 2, 0.5, 'taste', 1, '')
"""


def fill(file: Path, revision: str, statements: str) -> None:
    """Make a database as an older version did, and fill it."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        for statement in statements.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def before_propensities(file: Path) -> None:
    """Fill a database as it was before version 0003."""
    fill(file, "0002", BEFORE_PROPENSITIES)


async def test_what_was_sent_before_propensities_stays(before_propensities: None, url: str) -> None:
    """Digests, picks and votes are as they were; nothing was explored, and nothing is said of what lacked."""
    database = Database(url, patience=timedelta(seconds=5))
    await database.open()
    async with database.reading() as session:
        full, empty = [await ledger.get(session, 5, digest_id) for digest_id in (7, 8)]
        cast = await votes.of_chat(session, 5)
    await database.close()
    assert full is not None
    assert (full.local_day, full.message_id) == (date(2026, 1, 31), 77)
    assert full.picks == (Pick(2, 0.5, Slot.TASTE, Reason(1), propensity=None),)
    assert empty is not None
    assert (empty.picks, empty.lack) == ((), None)
    assert [vote.paper_id for vote in cast] == [1]


BEFORE_THE_CHAT = """
INSERT INTO papers (id, title, abstract, authors, keywords, sample, first_seen)
    VALUES (1, 'A', '', '[]', '[]', 0, '2026-01-31 07:00:00.000000'),
           (2, 'B', '', '[]', '[]', 0, '2026-01-31 07:00:00.000000');
INSERT INTO readers (chat_id, kind, hour, timezone, picks, tell_empty, state, misses, subscribed_at)
    VALUES (5, 'private', 7, 'Asia/Kathmandu', 4, 0, 'active', 0, '2026-01-31 07:00:00.000000');
INSERT INTO digests (id, chat_id, kind, state, message_id, due_at, attempts, planned_at)
    VALUES (7, 5, 'asked', 'sent', 77, NULL, 1, '2026-01-31 07:00:00.000000'),
           (8, 5, 'asked', 'planned', NULL, '2026-01-31 07:00:00.000000', 0, '2026-01-31 07:00:00.000000');
INSERT INTO picks (digest_id, position, paper_id, score, slot, reason_paper_id, reason_terms, propensity)
    VALUES (7, 0, 2, 0.5, 'taste', 1, '["x"]', NULL), (8, 0, 1, 0.25, 'explore', NULL, '[]', 0.125)
"""


@pytest.fixture
async def from_before_the_chat(file: Path, url: str) -> AsyncIterator[Database]:
    """Open a database that was filled by version 0003."""
    fill(file, "0003", BEFORE_THE_CHAT)
    database = Database(url, patience=timedelta(seconds=5))
    await database.open()
    yield database
    await database.close()


async def test_digests_from_before_the_chat_stay(from_before_the_chat: Database) -> None:
    """What was sent and what waits is as it was, in a list; what waits is sent."""
    async with from_before_the_chat.writing() as session:
        sent = await ledger.of_message(session, 5, 77)
        [waiting] = await ledger.claim(session, NOW, timedelta(minutes=1), 9)
    assert sent is not None
    assert (sent.id, sent.layout, sent.lead_id, sent.topic_id) == (7, Layout.LIST, None, None)
    assert sent.picks == (Pick(2, 0.5, Slot.TASTE, Reason(1, ("x",))),)
    assert (waiting.id, waiting.picks) == (8, (Pick(1, 0.25, Slot.EXPLORE, propensity=0.125),))


async def test_readers_from_before_the_chat_want_what_they_got(from_before_the_chat: Database) -> None:
    """A digest in one message on every day, as strong as the owner chose."""
    async with from_before_the_chat.reading() as session:
        assert await readers.get(session, 5) == Reader(
            chat_id=5,
            kind="private",
            hour=7,
            timezone="Asia/Kathmandu",
            picks=4,
            tell_empty=False,
            days=EVERY_DAY,
            layout=Layout.LIST,
        )


@pytest.mark.parametrize("revision", REVISIONS)
async def test_papers_of_any_version_are_searched(file: Path, url: str, revision: str) -> None:
    """Those that an older version stored are found, and the index follows all that is done from then on.

    So no later migration may make the table of papers anew without the triggers on it.
    """
    fill(file, revision, PAPERS)
    database = Database(url, patience=timedelta(seconds=5))
    await database.open()
    async with database.writing() as session:
        assert await find(session, Query("goose"), 9) == [1]
        await papers.upsert(session, [Paper(title="Duck", arxiv_id="1"), Paper(title="Swan")], NOW)
        assert await find(session, Query("goose"), 9) == []
        assert await find(session, Query("duck"), 9) == [1]
        assert await find(session, Query("swan"), 9) == [2]
        await session.execute(sa.text("DELETE FROM papers WHERE id = 2"))
        assert await find(session, Query("swan"), 9) == []
    await database.close()


PAPERS = """
INSERT INTO papers (id, arxiv_id, title, abstract, authors, keywords, sample, first_seen)
    VALUES (1, '1', 'Goose', '', '[]', '[]', 0, '2026-01-31 07:00:00.000000')
"""


def options(create: str) -> set[str]:
    """Read what a table is made with besides its columns."""
    return set(re.findall("AUTOINCREMENT|WITHOUT ROWID", create))


async def test_migrated_tables_count_as_declared(database: Database, file: Path) -> None:
    """Ids are never used again where that is declared, though a comparison of schemas does not look at it."""
    with sqlite3.connect(file) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    connection.close()
    for table in metadata.sorted_tables:
        declared = str(CreateTable(table).compile(dialect=sqlite.dialect()))
        assert options(made[table.name]) == options(declared), table.name

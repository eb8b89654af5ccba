from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from recommender.values import Pick, Reason, Slot
from storage import ledger, votes
from storage.database import Database
from storage.schema import alembic_config

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


@pytest.fixture
def before_propensities(file: Path) -> None:
    """Fill a database as it was before version 0003."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0002")
        for statement in BEFORE_PROPENSITIES.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()


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

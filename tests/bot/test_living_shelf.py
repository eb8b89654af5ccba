"""The shelf takes in at once what many readers will ask for, and no more than was asked where few do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.ranking.living_shelf import MANY, LivingShelf
from bot.ranking.meanings import Meanings
from bot.ranking.space_file import SpaceFolder
from recommender.values import Paper
from storage import papers, votes
from storage.database import Database

NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize(("missing", "comes_along"), [(MANY, False), (MANY + 1, True)])
async def test_where_many_are_missing_all_that_were_voted_on_come(
    database: Database, tmp_path: Path, missing: int, *, comes_along: bool
) -> None:
    """Papers that nobody asked for or voted on stay away."""
    shelf = LivingShelf(database, Meanings(database, lambda: None), SpaceFolder(tmp_path))
    await shelf.renew()
    async with database.writing() as session:
        stored = await papers.upsert(session, [Paper(title=f"Study {n}") for n in range(MANY + 3)], NOW)
        *asked, voted, other = stored.added
        await votes.put(session, 7, 7, voted, up=True, now=NOW)
    found = await shelf.with_papers_of_many(asked[:missing])
    assert set(found.rows) == {*asked[:missing], *([voted] if comes_along else [])}
    assert other not in found.rows

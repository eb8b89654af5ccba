"""A later version of a paper is news only where the paper is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from recommender.values import Paper
from storage import revisions
from storage.database import Database
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]


def revision(number: int) -> Paper:
    return Paper(title=f"Kite {number}", arxiv_id=f"2601.{number:05}", version=2)


async def test_only_revisions_of_known_papers_are_chosen_in_their_order(
    database: Database, store: Store
) -> None:
    await store(
        *(Paper(title=f"Kite {number}", arxiv_id=f"2601.{number:05}") for number in range(0, 3_000, 3))
    )
    told = [revision(number) for number in reversed(range(3_000))]
    async with database.reading() as session:
        assert await revisions.of_known(session, told) == told[2::3]


async def test_none_are_chosen_of_none(database: Database) -> None:
    async with database.reading() as session:
        assert await revisions.of_known(session, []) == []

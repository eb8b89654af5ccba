from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Column, func, insert, null, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.copying import copy_in, copy_out
from storage.database import Database
from storage.tables import DIGESTS, INTERESTS, PAPERS, PICKS, VOTES

PERSON = 2**40  # ids of chats and persons do not fit into 32 bits
VOTE = ("chat_id", "paper_id", "person_id", "up", "at")
INTEREST = ("chat_id", "id", "phrase", "wanted", "text", "at")
WIDE = select(VOTES.c.chat_id, VOTES.c.up, VOTES.c.paper_id).order_by(VOTES.c.paper_id)


async def test_rows_copied_in_come_out_as_columns(session: AsyncSession, now: datetime) -> None:
    """Each array in the order of the query, by the names of its columns."""
    await copy_in(session, VOTES, VOTE, [(-PERSON, 1, 9, True, now), (-PERSON, 2, 9, False, now)])
    columns = await copy_out(session, WIDE)
    assert {name: column.tolist() for name, column in columns.items()} == {
        "chat_id": [-PERSON, -PERSON],
        "up": [True, False],
        "paper_id": [1, 2],
    }
    assert [column.dtype for column in columns.values()] == ["int64", "bool", "int64"]


async def test_no_rows_are_empty_columns(session: AsyncSession) -> None:
    columns = await copy_out(session, WIDE)
    assert [column.dtype for column in columns.values()] == ["int64", "bool", "int64"]
    assert [len(column) for column in columns.values()] == [0, 0, 0]


async def test_nothing_copied_in_is_nothing(session: AsyncSession) -> None:
    await copy_in(session, VOTES, VOTE, [])
    assert (await session.execute(select(func.count()).select_from(VOTES))).scalar_one() == 0


async def test_many_rows_are_copied_in(session: AsyncSession, now: datetime) -> None:
    """More than one batch, and more than one message of the protocol."""
    await copy_in(session, VOTES, VOTE, ((5, 1, person, True, now) for person in range(12_345)))
    columns = await copy_out(session, select(VOTES.c.person_id).order_by(VOTES.c.person_id))
    assert columns["person_id"].tolist() == list(range(12_345))


async def test_values_are_those_of_an_insert(session: AsyncSession, now: datetime) -> None:
    """Lists of words, moments, enums and NULLs: what is copied reads as what is inserted."""
    digest = {"chat_id": 5, "kind": "asked", "layout": "list", "state": "sent", "attempts": 0}
    await session.execute(insert(DIGESTS).values(id=1, unanswered=0, planned_at=now, **digest))
    pick = {"digest_id": 1, "paper_id": 1, "score": 0.1, "slot": "taste", "propensity": None}
    await session.execute(insert(PICKS).values(position=0, reason_terms=('"a"', "b\\"), **pick))
    await copy_in(
        session,
        PICKS,
        [*pick, "position", "reason_terms"],
        [(*pick.values(), 1, ('"a"', "b\\"))],
    )
    inserted, copied = await session.execute(
        select(*(column for column in PICKS.c if column.name != "position")).order_by(PICKS.c.position)
    )
    assert copied == inserted


async def test_a_rollback_takes_copied_rows_away(database: Database, now: datetime) -> None:
    """Also where copying is the first that is done in a transaction."""

    class GivenUpError(Exception):
        pass

    async def give_up() -> None:
        async with database.writing() as session:
            await copy_in(session, INTERESTS, INTEREST, [(5, -1, "a phrase", True, None, now)])
            raise GivenUpError

    with pytest.raises(GivenUpError):
        await give_up()
    async with database.reading() as session:
        assert (await copy_out(session, select(INTERESTS.c.id)))["id"].tolist() == []


async def test_a_reading_session_sees_one_state_from_its_first_copy_on(
    database: Database, now: datetime
) -> None:
    async with database.reading() as reading:
        assert (await copy_out(reading, select(INTERESTS.c.id)))["id"].tolist() == []
        async with database.writing() as session:
            await copy_in(session, INTERESTS, INTEREST, [(5, -1, "a phrase", True, None, now)])
        assert (await copy_out(reading, select(INTERESTS.c.id)))["id"].tolist() == []


async def test_a_broken_constraint_is_told_as_of_any_statement(session: AsyncSession, now: datetime) -> None:
    with pytest.raises(DBAPIError):
        await copy_in(session, VOTES, VOTE, [(5, 1, 9, True, now), (5, 99, 9, True, now)])


@pytest.mark.parametrize("column", [VOTES.c.paper_id, VOTES.c.up])
async def test_null_is_neither_a_number_nor_a_no(session: AsyncSession, column: Column[int]) -> None:
    """A column of what nobody wrote would be worse than none."""
    nothing = select(null().cast(column.type).label("missing")).union_all(select(column)).subquery()
    with pytest.raises(ValueError, match="NULL"):
        await copy_out(session, select(nothing.c.missing))


async def test_only_fixed_columns_are_copied_out(session: AsyncSession) -> None:
    with pytest.raises(ValueError, match="TEXT"):
        await copy_out(session, select(PAPERS.c.title))

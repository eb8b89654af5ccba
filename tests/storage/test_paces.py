"""The pace in the database, by whosever clock: SQLite's is the caller's, PostgreSQL's its own."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import func, select, update

from storage import paces
from storage.database import Database
from storage.paces import Drawn, NoTurn, Pace, Turn
from storage.tables import PACES

PACE = Pace(places=3, span=30.0)  # a gap of ten seconds: longer than a test takes
NEARLY = partial(pytest.approx, abs=1)


async def draw(database: Database, now: datetime, ahead: float | None = None) -> Drawn:
    async with database.writing() as session:
        return await paces.draw(session, now, PACE, ahead)


async def take(database: Database, now: datetime) -> Turn:
    drawn = await draw(database, now)
    assert isinstance(drawn, Turn)
    return drawn


async def be_silent(database: Database, now: datetime, seconds: float) -> None:
    async with database.writing() as session:
        await paces.be_silent(session, now, seconds)


async def note_use(database: Database, place: int, free_at: float) -> None:
    async with database.writing() as session:
        await paces.note_use(session, place, free_at)


async def pass_by(database: Database, seconds: float) -> None:
    """Have all that is kept be as if it had been kept so long ago; below zero, by a clock ahead."""
    async with database.writing() as session:
        await session.execute(update(PACES).values(next_at=PACES.c.next_at - seconds))


async def test_the_first_turn_is_now(database: Database, now: datetime) -> None:
    turn = await take(database, now)
    assert turn.at == NEARLY(turn.now)


async def test_turns_are_a_gap_apart_however_many_ask_at_once(database: Database, now: datetime) -> None:
    turns = await asyncio.gather(*(take(database, now) for _ in range(6)))
    times = sorted(turn.at for turn in turns)
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == NEARLY([10] * 5)


async def test_places_are_taken_up_in_turn(database: Database, now: datetime) -> None:
    assert [(await take(database, now)).place for _ in range(7)] == [0, 1, 2, 0, 1, 2, 0]


async def test_a_place_that_was_used_late_is_free_later(database: Database, now: datetime) -> None:
    """The turns after that are when they would have been; of two words on a place the later time counts."""
    first, *_ = [await take(database, now) for _ in range(3)]
    await pass_by(database, 20)
    await note_use(database, 0, first.at + 16)
    await note_use(database, 0, first.at + 12)
    await note_use(database, 1, first.at + 19)
    turns = [await take(database, now) for _ in range(3)]
    assert [turn.at - first.at for turn in turns] == NEARLY([16, 20, 30])


async def test_who_is_a_little_late_catches_up(database: Database, now: datetime) -> None:
    """A turn that was free a moment ago is taken now, and the one after it is where it would have been."""
    first = await take(database, now)
    await pass_by(database, 15)
    late, after = await take(database, now), await take(database, now)
    assert [late.at - first.at, after.at - first.at] == NEARLY([0, 5])


async def test_after_a_rest_nothing_bursts_out(database: Database, now: datetime) -> None:
    """The next turn is now, and the one after it a gap later."""
    await take(database, now)
    await pass_by(database, 1000)
    first, second = await take(database, now), await take(database, now)
    assert first.at == NEARLY(first.now)
    assert second.at - first.at == NEARLY(10.0)


async def test_who_is_in_no_hurry_takes_nothing_far_ahead(database: Database, now: datetime) -> None:
    """It is told from when on it gets one, and others still do at once."""
    first = await take(database, now)
    assert isinstance(await draw(database, now, ahead=15.0), Turn)
    refused = await draw(database, now, ahead=15.0)
    assert isinstance(refused, NoTurn)
    assert not refused.is_silence
    assert refused.until - first.at == NEARLY(5.0)
    assert (await take(database, now)).at - first.at == NEARLY(20.0)


async def test_in_a_silence_nobody_gets_a_turn(database: Database, now: datetime) -> None:
    """Whoever asks is told how long it lasts; a shorter one does not end it sooner; then all is as before."""
    before = await take(database, now)
    await be_silent(database, now, 50)
    await be_silent(database, now, 10)
    for ahead in (None, 15.0):
        refused = await draw(database, now, ahead)
        assert isinstance(refused, NoTurn)
        assert refused.is_silence
        assert refused.until - refused.now == NEARLY(50)
    async with database.writing() as session:
        await session.execute(update(PACES).where(PACES.c.name == "silence").values(next_at=before.now))
    assert (await take(database, now)).at - before.at == NEARLY(10.0)


@pytest.mark.parametrize("ahead", [None, 15.0])
async def test_a_clock_that_was_set_back_stops_nobody(
    database: Database, now: datetime, ahead: float | None
) -> None:
    """Turns begin anew, and a place is kept for no longer than a second could ask for."""
    first, *_ = [await take(database, now) for _ in range(3)]
    await note_use(database, 0, first.at + 30)
    await pass_by(database, -3600)
    drawn = await draw(database, now, ahead)
    assert isinstance(drawn, Turn)
    assert drawn.at - drawn.now == NEARLY(30.0)
    again = await draw(database, now, ahead)
    assert isinstance(again, Turn)
    assert again.at - drawn.now == NEARLY(10.0)


async def test_whoever_comes_after_a_draw_writes_in_transactions_again(
    database: Database, now: datetime
) -> None:
    """The connection that drew gives up what was not finished, as any other."""
    await take(database, now)
    with suppress(RuntimeError):
        async with database.writing() as session:
            await paces.be_silent(session, now, 50)
            raise RuntimeError
    async with database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(PACES))).scalar_one() == 1

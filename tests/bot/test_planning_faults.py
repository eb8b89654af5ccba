"""What fails while days are planned: the database, one reader, time zone data, the clock over many."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lived_days import CHAT, Life, life, subscribe, utc

from bot.planning.outcome import Planned
from bot.planning.patience import FIRST_REST
from bot.planning.planner import EVERYBODY, FEW
from storage import ledger, readers
from storage.errors import StorageError
from storage.ledger import State

DUE = utc("2026-06-01 08:00")
NO_RESCHEDULING = """
    CREATE TRIGGER fault BEFORE UPDATE ON readers WHEN new.chat_id = 7
    BEGIN SELECT RAISE(ABORT, 'the disk had enough'); END
"""


@pytest.fixture
async def lived(empty_file: Path, tmp_path: Path) -> AsyncIterator[Life]:
    """Begin two hours before the digest is due."""
    async with life(empty_file, tmp_path, DUE - timedelta(hours=2), hour=8, timezone="UTC") as lived:
        yield lived


async def next_due(lived: Life) -> datetime | None:
    return (await lived.reader()).next_due_at


async def test_a_fault_between_the_plan_and_the_next_day_leaves_neither(lived: Life) -> None:
    """A row is written, then moving the reader on fails: both are of one transaction."""
    with closing(sqlite3.connect(lived.database.place)) as other:
        other.execute(NO_RESCHEDULING)
        await lived.live_until(DUE)
        assert (await lived.entries(), await next_due(lived)) == ([], DUE)
        other.execute("DROP TRIGGER fault")
    await lived.live_until(DUE + timedelta(minutes=30))
    assert [str(entry) for entry in await lived.entries()] == ["06-01 sent: 01 08:30"]


async def test_a_reader_who_cannot_be_planned_for_holds_up_nobody(lived: Life) -> None:
    for chat_id in (5, 9):
        await subscribe(lived.database, lived.now, chat_id, hour=8, timezone="UTC")
    with closing(sqlite3.connect(lived.database.place)) as other:
        other.execute(NO_RESCHEDULING)
    assert await lived.planner.plan_due(DUE) == 2


async def test_one_at_fault_takes_few_along_to_be_planned_for_alone(lived: Life) -> None:
    """Each of those takes forty times as long as one in a crowd, and a batch has thousands."""
    for chat_id in range(CHAT + 1, CHAT + 8 * FEW):
        await subscribe(lived.database, lived.now, chat_id, hour=8, timezone="UTC")
    with closing(sqlite3.connect(lived.database.place)) as other:
        other.execute(NO_RESCHEDULING)
    planned = await lived.planner.plan_range(*EVERYBODY, DUE)
    assert (planned.readers, planned.failed) == (8 * FEW - 1, 1)
    assert planned.alone < FEW


async def test_who_always_fails_is_tried_ever_more_seldom_and_told_of_in_a_line(
    lived: Life, caplog: pytest.LogCaptureFixture
) -> None:
    """Where from is said once; a look in between costs nothing, and others are planned for as ever."""
    await subscribe(lived.database, lived.now, 5, hour=20, timezone="UTC")
    with closing(sqlite3.connect(lived.database.place)) as other:
        other.execute(NO_RESCHEDULING)
    await lived.live_until(DUE + timedelta(hours=12), step=timedelta(minutes=5))
    failures = [record for record in caplog.records if f"reader {CHAT}" in record.getMessage()]
    assert 12 <= len(failures) <= 20
    assert [bool(record.exc_info) for record in failures] == [True] + [False] * (len(failures) - 1)
    async with lived.database.reading() as session:
        assert await ledger.last_day(session, 5) == DUE.date()


async def test_who_failed_for_long_has_their_digest_within_an_hour_once_that_is_mended(lived: Life) -> None:
    with closing(sqlite3.connect(lived.database.place)) as other:
        other.execute(NO_RESCHEDULING)
        await lived.live_until(DUE + timedelta(hours=7))
        other.execute("DROP TRIGGER fault")
    await lived.live_until(DUE + timedelta(hours=8), step=timedelta(seconds=30))
    assert [entry.state for entry in await lived.entries()] == ["sent"]
    assert CHAT not in lived.planner.patience


async def test_after_a_restart_who_failed_is_tried_at_once(lived: Life) -> None:
    with closing(sqlite3.connect(lived.database.place)) as other:
        other.execute(NO_RESCHEDULING)
        await lived.live_until(DUE + timedelta(hours=7))
        other.execute("DROP TRIGGER fault")
    await lived.sleep_until(lived.now + timedelta(seconds=1))
    assert [entry.state for entry in await lived.entries()] == ["sent"]


async def test_who_is_left_alone_makes_no_work_for_a_queue(lived: Life) -> None:
    """Until it is time to try again; others who are due are named."""
    await subscribe(lived.database, lived.now, 9, hour=9, timezone="UTC")
    with closing(sqlite3.connect(lived.database.place)) as other:
        other.execute(NO_RESCHEDULING)
    for moment in (DUE, DUE + FIRST_REST, DUE + 3 * FIRST_REST):
        assert (await lived.planner.due_ids(moment)).tolist() == [CHAT]
        assert (await lived.planner.plan_range(*EVERYBODY, moment)).failed == 1
        assert (await lived.planner.due_ids(moment)).tolist() == []
        assert await lived.planner.plan_range(*EVERYBODY, moment) == Planned()
    assert (await lived.planner.due_ids(DUE + timedelta(hours=1))).tolist() == [CHAT, 9]


async def test_a_fault_of_all_that_is_mended_leaves_nobody_to_be_planned_for_alone(lived: Life) -> None:
    """They failed together through no fault of theirs, and are planned for together again."""
    for chat_id in range(CHAT + 1, CHAT + 2 * FEW):
        await subscribe(lived.database, lived.now, chat_id, hour=8, timezone="UTC")
    with closing(sqlite3.connect(lived.database.place)) as other:
        other.execute(NO_RESCHEDULING.replace("new.chat_id = 7", "true"))
        assert (await lived.planner.plan_range(*EVERYBODY, DUE)).failed == 2 * FEW
        other.execute("DROP TRIGGER fault")
    planned = await lived.planner.plan_range(*EVERYBODY, DUE + FIRST_REST)
    assert (planned.readers, planned.alone) == (2 * FEW, 0)
    assert CHAT not in lived.planner.patience


async def test_while_the_database_is_locked_nobody_is_lost(lived: Life) -> None:
    """Another process writes for longer than this one has patience."""
    await lived.tick()
    with closing(sqlite3.connect(lived.database.place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked"):
            await lived.planner.plan_due(DUE)
        assert await next_due(lived) == DUE
        other.execute("ROLLBACK")
    assert await lived.planner.plan_due(DUE + timedelta(minutes=1)) == 1


async def test_a_time_zone_that_is_gone_is_told_once_and_stops_nobody(
    lived: Life, caplog: pytest.LogCaptureFixture
) -> None:
    """The time zone data was updated while the bot was down."""
    async with lived.database.writing() as session:
        reader = await readers.get(session, CHAT)
        assert reader is not None
        await readers.save(session, replace(reader, timezone="Europe/Atlantis"))
    await subscribe(lived.database, lived.now, 5, hour=8, timezone="UTC")
    await lived.sleep_until(DUE)
    await lived.live_until(DUE + timedelta(hours=2))
    assert caplog.text.count("Europe/Atlantis, which 1 readers chose") == len(caplog.records) == 1
    assert ((await lived.reader()).timezone, await next_due(lived)) == (None, None)
    async with lived.database.reading() as session:
        assert await ledger.last_day(session, 5) == DUE.date()


async def test_a_clock_a_year_ahead_promises_nothing_that_lasts(lived: Life) -> None:
    """It was right again before anything was sent: no day is taken, and nobody waits for a year."""
    await lived.tick()
    await lived.planner.plan_due(DUE + timedelta(days=365))
    assert len(await lived.entries()) == 100
    await lived.planner.plan_due(DUE - timedelta(hours=1))
    assert (await lived.entries(), await next_due(lived)) == ([], DUE)


async def test_who_waits_for_a_list_waits_for_no_clock(lived: Life) -> None:
    await lived.choose(on_arrival=True)
    await lived.planner.welcome_list(DUE + timedelta(days=365))
    await lived.planner.welcome_list(DUE)
    assert await next_due(lived) == DUE


async def test_after_sixty_days_of_sleep_there_is_one_digest_a_reader(lived: Life) -> None:
    chats = range(100, 150)
    for chat_id in chats:
        await subscribe(lived.database, lived.now, chat_id, hour=8, timezone="UTC")
    lived.now = DUE + timedelta(days=60, hours=1)
    assert await lived.planner.plan_due(lived.now) == len(chats) + 1
    async with lived.database.reading() as session:
        counts = await ledger.counts(session, DUE)
    assert (counts[State.PLANNED], counts[State.SKIPPED]) == (len(chats) + 1, 60 * (len(chats) + 1))


async def test_a_day_that_was_owed_is_not_promised_again_at_its_new_hour(lived: Life) -> None:
    """The hour came and went while the bot was down, and the reader chose a later one before it looked."""
    await lived.oversleep(DUE + timedelta(minutes=10))
    await lived.choose(hour=20)
    await lived.tick()
    assert await next_due(lived) == DUE + timedelta(days=1, hours=12)

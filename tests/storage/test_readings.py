"""What the lists of days held, as the marks tell it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from storage import dumps, readings
from storage.database import Database
from storage.dumps import DumpMark, ReadDump
from storage.readings import Reading

DAY = date(2026, 1, 28)


async def mark(  # a dump's worth
    database: Database,
    name: str,
    read_at: datetime,
    *,
    day: date | None = DAY,
    source: str = "lists",
    papers: int = 0,
    rejects: int = 0,
) -> None:
    async with database.writing() as session:
        known = DumpMark(None, "print", read_at)
        await dumps.mark_all(session, source, [ReadDump(name, known, papers, rejects, day)])


async def read_days(database: Database, since: date) -> dict[date, Reading]:
    async with database.reading() as session:
        return await readings.by_day(session, "lists", since)


async def test_a_day_with_nothing_was_read_and_a_day_without_a_mark_was_not(
    database: Database, now: datetime
) -> None:
    await mark(database, "28", now, papers=3)
    await mark(database, "30", now, day=date(2026, 1, 30))
    assert await read_days(database, DAY) == {
        DAY: Reading(now, 3, 0),
        date(2026, 1, 30): Reading(now, 0, 0),
    }


async def test_several_dumps_of_a_day_are_one_reading_as_old_as_the_oldest(
    database: Database, now: datetime
) -> None:
    await mark(database, "a", now, papers=3, rejects=1)
    await mark(database, "b", now - timedelta(hours=2), papers=4)
    assert await read_days(database, DAY) == {DAY: Reading(now - timedelta(hours=2), 7, 1)}


async def test_of_the_days_before_only_the_newest_is_told(database: Database, now: datetime) -> None:
    """After an outage it says where the outage began."""
    for age in (10, 11):
        day = DAY - timedelta(days=age)
        await mark(database, day.isoformat(), now, day=day, papers=age)
    assert await read_days(database, DAY) == {DAY - timedelta(days=10): Reading(now, 10, 0)}


async def test_files_and_other_sources_are_of_no_day_of_this_one(database: Database, now: datetime) -> None:
    await mark(database, "file", now, day=None, papers=3)
    await mark(database, "other", now, source="others", papers=3)
    assert await read_days(database, DAY) == {}


async def test_dumps_of_no_day_are_told_all_together(database: Database, now: datetime) -> None:
    await mark(database, "a", now, day=None, papers=3)
    await mark(database, "b", now, day=None, rejects=2)
    await mark(database, "28", now, papers=5)
    await mark(database, "28", now, source="others", papers=5)
    async with database.reading() as session:
        assert await readings.of_no_day(session, "lists") == Reading(now, 3, 2)
        assert await readings.of_no_day(session, "others") is None


def test_a_day_is_whole_once_it_was_read_after_its_end(now: datetime) -> None:
    midnight = datetime(2026, 1, 29, tzinfo=now.tzinfo)
    assert Reading(midnight, 3, 0).is_whole(DAY)
    assert not Reading(midnight - timedelta(seconds=1), 3, 0).is_whole(DAY)


def test_only_what_gave_no_paper_at_all_is_unreadable(now: datetime) -> None:
    assert Reading(now, 0, 1).is_unreadable
    assert not Reading(now, 1, 9).is_unreadable
    assert not Reading(now, 0, 0).is_unreadable

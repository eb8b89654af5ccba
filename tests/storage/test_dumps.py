from __future__ import annotations

from datetime import date, datetime, timedelta

from storage import dumps
from storage.database import Database
from storage.dumps import DumpMark, ReadDump

DAY = date(2026, 11, 20)


async def test_the_last_mark_stands(database: Database, now: datetime) -> None:
    """A dump read again under its name has one mark, the last."""
    async with database.writing() as session:
        await dumps.mark_all(session, "folder", [ReadDump("a.txt", DumpMark("1", "aa", now), 3, 0)])
        await dumps.mark_all(session, "folder", [ReadDump("a.txt", DumpMark(None, "bb", now), 0, 1)])
        assert await dumps.marks(session, "folder") == {"a.txt": DumpMark(None, "bb", now)}


async def test_marks_are_a_sources_own(database: Database, now: datetime) -> None:
    """Two sources may have dumps of one name; an unknown source has no marks."""
    async with database.writing() as session:
        await dumps.mark_all(session, "one", [ReadDump("a.txt", DumpMark("1", "aa", now), 3, 0)])
        await dumps.mark_all(session, "other", [ReadDump("a.txt", DumpMark("2", "bb", now), 3, 0)])
        assert await dumps.marks(session, "one") == {"a.txt": DumpMark("1", "aa", now)}
        assert await dumps.marks(session, "third") == {}


async def test_many_dumps_are_marked_at_once(database: Database, now: datetime) -> None:
    """New ones and known ones among them; of none, none."""
    mark = DumpMark("2", "bb", now)
    async with database.writing() as session:
        await dumps.mark_all(session, "folder", [ReadDump("a.txt", DumpMark("1", "aa", now), 3, 0)])
        await dumps.mark_all(
            session, "folder", [ReadDump("a.txt", mark, 1, 0), ReadDump("b.txt", mark, 2, 0)]
        )
        await dumps.mark_all(session, "folder", [])
        assert await dumps.marks(session, "folder") == {"a.txt": mark, "b.txt": mark}


async def test_the_marks_of_days_long_ago_are_left_out(database: Database, now: datetime) -> None:
    """A poll reads those of its own days, and of dumps that are of no day."""
    days = {"old": DAY - timedelta(days=1), "first": DAY, "undated": None}
    mark = DumpMark("1", "aa", now)
    async with database.writing() as session:
        read = [ReadDump(name, mark, 0, 0, day) for name, day in days.items()]
        await dumps.mark_all(session, "list", read)
        assert set(await dumps.marks(session, "list", DAY)) == {"first", "undated"}


async def test_only_what_was_found_unchanged_is_renewed(database: Database, now: datetime) -> None:
    """With its new version and the moment; the content stays."""
    later = now + timedelta(hours=1)
    async with database.writing() as session:
        for source, name in (("list", "a"), ("list", "b"), ("other", "a")):
            await dumps.mark_all(session, source, [ReadDump(name, DumpMark("1", "aa", now), 3, 0)])
        await dumps.renew(session, "list", {"a": "2", "unknown": None}, later)
        await dumps.renew(session, "list", {}, later)
        assert await dumps.marks(session, "list") == {
            "a": DumpMark("2", "aa", later),
            "b": DumpMark("1", "aa", now),
        }
        assert await dumps.marks(session, "other") == {"a": DumpMark("1", "aa", now)}

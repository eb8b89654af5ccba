from __future__ import annotations

from datetime import datetime

from storage import dumps
from storage.database import Database
from storage.dumps import DumpMark


async def test_the_last_mark_stands(database: Database, now: datetime) -> None:
    """A dump read again under its name has one mark, the last."""
    async with database.writing() as session:
        await dumps.mark(session, "folder", "a.txt", DumpMark("1", "aa", now), papers=3, rejects=0)
        await dumps.mark(session, "folder", "a.txt", DumpMark(None, "bb", now), papers=0, rejects=1)
        assert await dumps.marks(session, "folder") == {"a.txt": DumpMark(None, "bb", now)}


async def test_marks_are_a_sources_own(database: Database, now: datetime) -> None:
    """Two sources may have dumps of one name; an unknown source has no marks."""
    async with database.writing() as session:
        await dumps.mark(session, "one", "a.txt", DumpMark("1", "aa", now), papers=3, rejects=0)
        await dumps.mark(session, "other", "a.txt", DumpMark("2", "bb", now), papers=3, rejects=0)
        assert await dumps.marks(session, "one") == {"a.txt": DumpMark("1", "aa", now)}
        assert await dumps.marks(session, "third") == {}

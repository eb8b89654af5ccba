"""A reader's days by a clock that is set by hand: the real planner, real SQLite, a post that never fails."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import settled
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.planning import Planner, reschedule
from bot.ranking.meanings import Meanings
from bot.ranking.ranker import Ranker
from bot.ranking.rulebooks import Rulebooks
from bot.ranking.space_file import SpaceFolder
from bot.ranking.strength import Strength
from recommender.values import Paper
from storage import ledger, papers, readers
from storage.database import Database
from storage.readers import Reader, ReaderState
from storage.tables import DIGESTS

CHAT = 7
LEASE = timedelta(minutes=5)
MAX_LATE = timedelta(hours=12)


@dataclass(frozen=True)
class Entry:
    """A local day in the ledger."""

    day: date
    state: str
    why: str | None
    at: datetime

    def __str__(self) -> str:
        """Tell it in short: of what was sent, when, in UTC; of what was skipped, why."""
        told = f"{self.at:%d %H:%M}" if self.state == "sent" else self.why
        return f"{self.day:%m-%d} {self.state}: {told}"


@dataclass
class Life:
    """What may happen to a reader, their settings, the bot and its clock."""

    database: Database
    planner: Planner
    now: datetime
    chat_id: int = CHAT

    async def tick(self) -> None:
        """Plan what is due, and have it arrive."""
        if await self.planner.plan_due(self.now):
            async with self.database.writing() as session:
                for digest in await ledger.claim(session, self.now, LEASE, 10):
                    await settled.sent(session, digest.id, digest.id, self.now)

    async def live_until(self, moment: datetime, step: timedelta = timedelta(minutes=30)) -> None:
        """Let time go by, with a look at what is due each so often."""
        while self.now < moment:
            self.now = min(self.now + step, moment)
            await self.tick()

    async def sleep_until(self, moment: datetime) -> None:
        """Have the process end and another start."""
        self.now = moment
        self.planner = plan_with(self.database)
        await self.tick()

    async def set_clock(self, moment: datetime) -> None:
        """Have the clock show something else, under the eyes of the bot."""
        self.now = moment
        await self.tick()

    async def choose(self, **settings: Any) -> None:
        """Change settings as the chat does, before the next look at what is due."""
        async with self.database.writing() as session:
            reader = await self._reader(session)
            last_day = await ledger.last_day(session, self.chat_id)
            await readers.save(session, reschedule(replace(reader, **settings), self.now, last_day))

    async def pause(self) -> None:
        await self.choose(state=ReaderState.PAUSED)

    async def resume(self) -> None:
        await self.choose(state=ReaderState.ACTIVE)

    async def oversleep(self, moment: datetime) -> None:
        """Have the process sleep, and what the reader pressed meanwhile come before a look at what is due."""
        self.now = moment

    async def see_list(self) -> None:
        """Have a list of new papers come out."""
        listed = [Paper(title=f"{voice} of {self.now}") for voice in ("First", "Second", "Third")]
        async with self.database.writing() as session:
            await papers.upsert(session, listed, self.now)
        await self.planner.ranker.renew()
        await self.planner.welcome_list(self.now)
        await self.tick()

    async def move(self, chat_id: int) -> None:
        """Have the group become a supergroup."""
        async with self.database.writing() as session:
            await readers.move(session, self.chat_id, chat_id)
        self.chat_id = chat_id

    async def reader(self) -> Reader:
        async with self.database.reading() as session:
            return await self._reader(session)

    async def entries(self) -> list[Entry]:
        """Read the days of the reader in the ledger, in their order."""
        columns = (DIGESTS.c.local_day, DIGESTS.c.state, DIGESTS.c.why, DIGESTS.c.planned_at)
        days = DIGESTS.c.chat_id == self.chat_id, DIGESTS.c.local_day.is_not(None)
        async with self.database.reading() as session:
            rows = await session.execute(select(*columns).where(*days).order_by(DIGESTS.c.local_day))
            return [Entry(*row) for row in rows]

    async def _reader(self, session: AsyncSession) -> Reader:
        reader = await readers.get(session, self.chat_id)
        assert reader is not None
        return reader


def plan_with(database: Database, max_late: timedelta = MAX_LATE) -> Planner:
    """Make a planner of a process that has just started."""
    spaces = SpaceFolder(Path(database.place).with_name("space"))
    ranker = Ranker(database, Meanings(database, lambda: None), spaces)
    strength = Strength(database, percentile=0)
    return Planner(database, ranker, Rulebooks(), strength, timedelta(days=7), max_late, lambda: 0.999)


async def subscribe(database: Database, now: datetime, chat_id: int = CHAT, **settings: Any) -> None:
    """Subscribe a chat that has chosen its settings."""
    async with database.writing() as session:
        reader, _ = await readers.subscribe(session, chat_id, "private", now)
        await readers.save(session, reschedule(replace(reader, **settings), now))


@asynccontextmanager
async def life(empty: Path, folder: Path, now: datetime, **settings: Any) -> AsyncIterator[Life]:
    """Begin with a reader who subscribes now, on a copy of an empty database."""
    file = folder / "paperboy.db"
    shutil.copy(empty, file)
    database = Database(f"sqlite:///{file}", patience=timedelta(milliseconds=50))
    await subscribe(database, now, **settings)
    yield Life(database, plan_with(database), now)
    await database.close()


def utc(written: str) -> datetime:
    """Read a moment as in ``2026-03-28 12:00``."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)

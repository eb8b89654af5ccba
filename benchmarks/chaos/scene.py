"""Everything that a storm rages over: the bot, its clock, file, Telegram and sources, and who reads."""

from __future__ import annotations

import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.chaos.crowd import Crowd, invent_chats
from benchmarks.chaos.dates import due_moments
from benchmarks.chaos.weather import Weather
from benchmarks.child import Child, Nursery, SharedClock, Upbringing, nursery_open
from benchmarks.load.subscribers import invent_papers
from benchmarks.newsstand import Newsstand, invent
from benchmarks.postoffice import PostOffice, opened
from recommender.values import Paper
from storage import papers, readers
from storage.database import Database
from storage.readers import Reader

READERS, GROUPS, PAPERS = 60, 6, 600
MARK = "quillfeather"  # stands in each abstract
# Just before clocks are changed somewhere, and before a day that comes once in four years.
BEGINNINGS = ("2026-10-24", "2026-03-07", "2026-03-28", "2026-04-04", "2026-10-31", "2028-02-28")
_DAYS_OF_LISTS = 120


@dataclass(slots=True)
class Scene:
    """What the mishaps strike, and what they keep in mind.

    Attributes:
        is_up: Whether the bot answers, as far as the storm knows; while it does not, time stands.
        is_still: Whether time is to stand.
        latest: The latest moment that the bot may have seen.
        struck: How often each mishap struck.
        found: What was found wrong on the way, in words.
    """

    child: Child
    nursery: Nursery
    clock: SharedClock
    office: PostOffice
    weather: Weather
    crowd: Crowd
    stand: Newsstand
    dice: Random
    latest: datetime
    is_up: bool = True
    is_still: bool = False
    struck: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    @property
    def file(self) -> Path:
        """The bot's database."""
        return self.child.upbringing.database

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """Read the bot's database as it is now."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def move_on(self, **span: float) -> None:
        """Let time pass, or go back."""
        self.clock.advance(**span)
        self.latest = max(self.latest, self.clock())


@asynccontextmanager
async def set_up(
    folder: Path, seed: int, *, readers: int = READERS, groups: int = GROUPS
) -> AsyncIterator[Scene]:
    """Set the scene: readers and papers in a database, the bot at work on it."""
    dice = Random(seed)  # noqa: S311 - the same seed must bring the same storm
    now = datetime.fromisoformat(f"{dice.choice(BEGINNINGS)}T00:30").replace(tzinfo=UTC)
    clock, weather = SharedClock.begin(folder / "clock", now), Weather(dice)
    office = PostOffice(weather)
    crowd = Crowd(office, invent_chats(readers, groups, now, dice), dice)
    weather.on_blocked = crowd.shake
    await _populate(folder, crowd, now, dice)
    world = invent(now.date() - timedelta(days=2), _DAYS_OF_LISTS)
    async with Newsstand(world, clock) as stand, opened(office) as url, nursery_open() as nursery:
        upbringing = Upbringing(url, folder, clock, is_paced=False, settings=_settings(stand.url))
        child = Child(upbringing, nursery.bear)
        weather.kill = partial(child.send, signal.SIGKILL)
        await child.start()
        try:
            yield Scene(child, nursery, clock, office, weather, crowd, stand, dice, now)
        finally:
            if child.is_alive:
                await child.kill()


def _settings(stand: str) -> dict[str, str]:
    return {
        "SOURCES": "huggingface",
        "HF_ENDPOINT": stand,
        "BACKFILL_DAYS": "1",
        "POLL_MINUTES": "1",
        "PICK_PERCENTILE": "0",
        "LOG_LEVEL": "DEBUG",
    }


async def _populate(folder: Path, crowd: Crowd, now: datetime, dice: Random) -> None:
    database = Database(f"sqlite:///{folder / 'paperboy.db'}")
    await database.open()
    async with database.writing() as session:
        await papers.upsert(session, [_marked(paper) for paper in invent_papers(PAPERS, dice)], now)
        for chat in crowd.chats.values():
            kind = "group" if chat.is_group else "private"
            await readers.subscribe(session, chat.id, kind, now)
            due = next(moment for moment, _ in due_moments(chat.hour, chat.zone, now))
            reader = Reader(chat_id=chat.id, kind=kind, hour=chat.hour, timezone=chat.zone, next_due_at=due)
            await readers.save(session, reader)
    await database.close()


def _marked(paper: Paper) -> Paper:
    return Paper(**asdict(paper) | {"abstract": f"{MARK} {paper.abstract}"})

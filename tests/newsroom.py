"""A newsroom: sources that a stand-in plays, a database of its own, and time that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from town import Clock

from benchmarks.newsstand import Newsstand, World
from bot.polling.polled import SourceReport
from bot.polling.poller import poll
from sources.catalogue import Endpoints, open_sources
from sources.source import Source
from sources.web import client as web
from sources.web.client import Limits, Web, open_web
from storage.database import Database
from storage.tables import PAPERS


@dataclass
class Hourglass:
    """Turns itself over: who waits for it waits for nothing, and it remembers how long that was."""

    waited: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        await asyncio.sleep(0)

    def seconds(self) -> float:
        return sum(self.waited)


@dataclass(frozen=True)
class Stored:
    """What the database holds of a paper, as far as these tests look."""

    id: str | None
    title: str
    upvotes: int | None
    first_seen: datetime
    featured: date | None
    version: int | None
    withdrawn: bool
    abstract: str


@dataclass
class Newsroom:
    """All that a test of polls may touch from outside."""

    stand: Newsstand
    clock: Clock
    database: Database
    sources: Sequence[Source]
    hourglass: Hourglass
    backfill: timedelta

    async def poll(self, *, by_hand: bool = False) -> list[SourceReport]:
        """Poll all sources."""
        return await poll(
            self.sources, self.database, self.clock, self.backfill, by_hand=by_hand, draw=lambda: 0.0
        )

    async def poll_one(self, *, by_hand: bool = False) -> SourceReport:
        """Poll the only source."""
        (report,) = await self.poll(by_hand=by_hand)
        return report

    async def stored(self) -> list[Stored]:
        """Read all papers."""
        return await stored(self.database)


async def stored(database: Database) -> list[Stored]:
    """Read all papers of a database."""
    columns = (PAPERS.c[name] for name in ("arxiv_id", "title", "upvotes", "first_seen", "featured"))
    more = (PAPERS.c[name] for name in ("version", "withdrawn", "abstract"))
    async with database.reading() as session:
        return [Stored(*row) for row in await session.execute(select(*columns, *more))]


@asynccontextmanager
async def open_newsroom(
    stand: Newsstand,
    clock: Clock,
    url: str,
    *names: str,
    backfill: timedelta = timedelta(days=3),
    limits: Limits | None = None,
) -> AsyncIterator[Newsroom]:
    """Open sources at the stand, ``huggingface`` unless others are named, and a database."""
    database = Database(url)
    await database.open()
    hourglass = Hourglass()
    try:
        async with unhurried_web(hourglass, limits) as client:
            sources = open_at(stand, client, clock, names or ("huggingface",))
            yield Newsroom(stand, clock, database, sources, hourglass, backfill)
    finally:
        await database.close()


@asynccontextmanager
async def unhurried_web(hourglass: Hourglass, limits: Limits | None = None) -> AsyncIterator[Web]:
    """Open a client whose pauses take no time."""
    world = web.World(pause=hourglass.pause, chance=lambda: 1.0, seconds=hourglass.seconds)
    async with open_web(limits=limits, world=world) as client:
        yield client


def open_at(stand: Newsstand, client: Web, clock: Clock, names: Sequence[str]) -> list[Source]:
    """Open sources whose servers the stand plays."""
    return open_sources(names, client, clock, Endpoints(stand.url, stand.url, stand.url))


def end_of(day: date) -> datetime:
    """Tell when a day is over."""
    return datetime.combine(day, time.max, UTC)


def ids_on_lists(world: World, now: datetime) -> set[str]:
    """Tell which papers were ever on a list by now."""
    return {entry.id for entry in world.listed if entry.since <= now}

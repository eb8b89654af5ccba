"""The composition root: everything is made here, wired once, and run until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.chat.admin import Admin
from bot.chat.application import Handlers, TelegramAccess, build_application, introduce, register
from bot.chat.broadcast import Broadcast
from bot.chat.cards import Cards
from bot.chat.desk import Desk
from bot.chat.explainer import Explainer
from bot.chat.exports import Exports
from bot.chat.farewell import Farewell
from bot.chat.gate import Gate
from bot.chat.groups import Groups
from bot.chat.imports import Imports
from bot.chat.interests import Interests
from bot.chat.invitations import Invitations
from bot.chat.library import Library
from bot.chat.likeness import Likeness
from bot.chat.notes import Notes
from bot.chat.onboarding import Onboarding
from bot.chat.paper import PaperButtons
from bot.chat.preferences import Preferences
from bot.chat.reactions import Reactions
from bot.chat.reception import Reception
from bot.chat.rules import Rules
from bot.chat.search import Search
from bot.chat.stats import Stats
from bot.chat.tasting import Tasting
from bot.chat.thumbs import Thumbs
from bot.chat.today import Today
from bot.delivery import Deliverer
from bot.errors import BotError
from bot.planning import Planner
from bot.polling import SourceReport, poll
from bot.ranking.meanings import Meanings
from bot.ranking.minilm import prepare_minilm
from bot.ranking.ranker import Ranker
from bot.ranking.space_file import SpaceFolder
from bot.ranking.strength import Strength
from bot.rulebooks import Rulebooks
from bot.sample import load_sample
from bot.settings import Settings
from bot.updates import receive_updates
from sources.catalogue import open_sources
from sources.folder import FolderSource
from sources.http import new_client
from sources.source import Source
from storage import papers, receipts
from storage.database import Database

log = logging.getLogger(__name__)

TICK = timedelta(seconds=30)
UPDATES_HELD = timedelta(days=2)  # Telegram itself says: not longer than 24 hours
FIRST_POLL_SECONDS = 6.0
WAKE_SECONDS = 60.0
DRAIN_SECONDS = 10.0
LEAST_LIST = 5  # new papers that make a list; fewer are late additions to one that was out before
RECONNECT_SECONDS = 5.0


class UnknownBotError(BotError):
    """Telegram does not know the bot's token."""


def utc_now() -> datetime:
    """Read the clock: the one place that does."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Paperboy:
    """The whole bot, wired. Its rounds are what the scheduler calls; each runs once at a time."""

    settings: Settings
    database: Database
    sources: Sequence[Source]
    ranker: Ranker
    planner: Planner
    deliverer: Deliverer
    application: Application[Any, Any, Any, Any, Any, Any]
    clock: Callable[[], datetime]
    _polling: asyncio.Lock = field(default_factory=asyncio.Lock)
    _delivering: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def poll_round(self, sources: Sequence[Source] | None = None) -> None:
        """Poll, and take what is new onto the shelf."""
        async with self._polling:
            reports = await poll(self.sources if sources is None else sources, self.database, self.clock)
            for report in reports:
                _log_report(report)
            if not self.ranker.ready or any(report.added or report.updated for report in reports):
                await self.ranker.renew()
            if sum(report.added for report in reports) >= LEAST_LIST:
                await self.planner.welcome_list(self.clock())

    async def reading_round(self) -> None:
        """Have the model read what came, which takes seconds for a day's papers and minutes for thousands."""
        with suppress(asyncio.CancelledError):  # a stop in the middle loses nothing: what is read is kept
            await self.ranker.read_unread()

    async def forget_receipts(self) -> None:
        """Drop the receipts of updates that Telegram no longer holds."""
        async with self.database.writing() as session:
            await receipts.forget(session, self.clock() - UPDATES_HELD)

    async def digest_round(self) -> None:
        """Plan what is due and deliver what is planned."""
        async with self._delivering:
            await self.planner.plan_due(self.clock())
            await self.deliverer.deliver_due()

    async def stock_up(self) -> bool:
        """Make sure that a first reader finds papers: from the folders, else the web, else the sample.

        Returns:
            Whether all sources were polled for that.
        """
        folders = [source for source in self.sources if isinstance(source, FolderSource)]
        others = [source for source in self.sources if source not in folders]
        await self.poll_round(folders)
        if await self._has_papers():
            return not others
        polled = await self._poll_in_time(others, FIRST_POLL_SECONDS)
        if sample := await load_sample(self.database, self.clock()):
            log.warning("no source has papers yet: %d invented sample papers stand in for them", sample)
            await self.ranker.renew()
        return polled

    async def _poll_in_time(self, sources: Sequence[Source], seconds: float) -> bool:
        """Poll and tell whether it came to its end; what it stored before the time was up stays."""
        try:
            async with asyncio.timeout(seconds):
                await self.poll_round(sources)
        except TimeoutError:
            return False
        return True

    async def wake(self) -> None:
        """Poll before the first digests, so that what fell due meanwhile is picked from today's papers."""
        async with self._delivering:
            await self._poll_in_time(self.sources, WAKE_SECONDS)
        await self.digest_round()

    async def drain(self) -> None:
        """Let the round that is under way come to its end, within bounds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS), self._delivering, self._polling:
                return
        log.warning("a round was still under way after %.0f s; it goes on at the next start", DRAIN_SECONDS)

    async def _has_papers(self) -> bool:
        async with self.database.reading() as session:
            return await papers.count(session) > 0


@asynccontextmanager
async def assembled(
    settings: Settings,
    access: TelegramAccess,
    clock: Callable[[], datetime] = utc_now,
    draw: Callable[[], float] = random.random,
) -> AsyncIterator[Paperboy]:
    """Open the database and wire everything; close it all at the end.

    ``draw`` gives numbers from 0 up to 1, by chance.
    """
    database = Database(settings.database)
    await database.open()
    try:
        async with new_client() as client:
            application = build_application(access)
            ranker = _ranker(database, settings)
            strength = Strength(database, settings.pick_percentile)
            planner = Planner(
                database, ranker, Rulebooks(), strength, settings.window, settings.max_late, draw
            )
            deliverer = Deliverer(database, application.bot, clock, settings.max_late)
            register(application, _handlers(Desk(database, clock), planner, deliverer, settings))
            sources = open_sources(settings.source_names, client, clock)
            yield Paperboy(settings, database, sources, ranker, planner, deliverer, application, clock)
    finally:
        await database.close()


async def run(
    settings: Settings, access: TelegramAccess, on_ready: Callable[[str], None], *, stocked: bool = False
) -> None:
    """Run the bot until SIGINT or SIGTERM.

    ``on_ready`` is told the bot's name once it answers. ``stocked`` waits for first papers before that.

    Raises:
        UnknownBotError: Telegram refuses the token.
        StorageError: The database cannot be used.
    """
    async with assembled(settings, access) as paperboy:
        polled = stocked and await paperboy.stock_up()
        async with connected(paperboy.application):
            scheduler = _schedule(paperboy, poll_now=not polled)
            on_ready(paperboy.application.bot.username)
            try:
                await _receive_until_told(paperboy.application)
            except InvalidToken as error:
                raise _unknown_bot() from error
            finally:
                scheduler.pause()
                await paperboy.drain()
                scheduler.shutdown(wait=False)


def _ranker(database: Database, settings: Settings) -> Ranker:
    load = partial(prepare_minilm, settings.embedding_model, settings.data_dir)
    return Ranker(database, Meanings(database, load), SpaceFolder(settings.data_dir / "space"))


def _handlers(desk: Desk, planner: Planner, deliverer: Deliverer, settings: Settings) -> Handlers:
    today = Today(desk, planner, deliverer, settings.poll_minutes)
    preferences = Preferences(desk, today.bring)
    return Handlers(
        desk=desk,
        reception=Reception(desk, preferences),
        today=today,
        thumbs=Thumbs(desk),
        stats=Stats(desk, planner.ranker),
        preferences=preferences,
        library=Library(desk),
        search=Search(desk, planner.ranker),
        papers=_paper_buttons(desk, planner.ranker, settings),
        onboarding=Onboarding(desk, preferences, Tasting(desk, planner.ranker, settings.window)),
        interests=Interests(desk, planner.ranker),
        imports=Imports(desk),
        exports=Exports(desk),
        farewell=Farewell(desk),
        rules=Rules(desk, planner.ranker, planner.rulebooks),
        groups=Groups(desk),
        reactions=Reactions(desk),
        admin=_admin(desk, settings),
        gate=Gate(desk, settings.admin_ids, settings.invite_only),
    )


def _admin(desk: Desk, settings: Settings) -> Admin:
    return Admin(
        desk,
        Broadcast(desk),
        Invitations(desk, settings.invite_only),
        settings.admin_ids,
        patience=2 * timedelta(minutes=settings.poll_minutes),
        space=settings.data_dir / "space",
    )


def _paper_buttons(desk: Desk, ranker: Ranker, settings: Settings) -> PaperButtons:
    explainer = Explainer(desk, ranker, Rulebooks(), settings.window)
    return PaperButtons(desk, Cards(desk), Notes(desk), Likeness(desk, ranker), explainer)


def _schedule(paperboy: Paperboy, *, poll_now: bool) -> AsyncIOScheduler:
    """Start the timers. They are dumb: what is due stands in the database, not in a job's memory."""
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    now, pause = paperboy.clock(), timedelta(minutes=paperboy.settings.poll_minutes)
    scheduler.add_job(paperboy.wake if poll_now else paperboy.digest_round, next_run_time=now)
    scheduler.add_job(paperboy.poll_round, "interval", seconds=pause.total_seconds())
    scheduler.add_job(paperboy.digest_round, "interval", seconds=TICK.total_seconds())
    scheduler.add_job(paperboy.reading_round, "interval", seconds=TICK.total_seconds(), next_run_time=now)
    scheduler.add_job(paperboy.forget_receipts, "interval", hours=6, next_run_time=now)
    scheduler.start()
    return scheduler


@asynccontextmanager
async def connected(application: Application[Any, Any, Any, Any, Any, Any]) -> AsyncIterator[None]:
    """Meet Telegram, however often it takes; part from it at the end."""
    while True:
        try:
            await application.initialize()
            await introduce(application)
            break
        except InvalidToken as error:
            raise _unknown_bot() from error
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%s); trying again", error.message)
            await asyncio.sleep(RECONNECT_SECONDS)
    try:
        yield
    finally:
        await application.shutdown()


async def _receive_until_told(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Answer updates until the process is told to end, and then what is being answered, within bounds."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    receiving = asyncio.ensure_future(receive_updates(application, stopping))
    told = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({receiving, told}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({receiving}, timeout=DRAIN_SECONDS)
        if receiving.done():
            receiving.result()
    finally:
        for task in (receiving, told):
            task.cancel()
        await asyncio.gather(receiving, told, return_exceptions=True)


def _unknown_bot() -> UnknownBotError:
    return UnknownBotError(
        "Telegram does not know this bot: check TELEGRAM_BOT_TOKEN against what @BotFather gave you."
    )


def _log_report(report: SourceReport) -> None:
    if report.added or report.updated:
        log.info("%s: %d new papers, %d told of again", report.source, report.added, report.updated)

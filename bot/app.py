"""The composition root: everything is made here, wired once, and run until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.chat.application import TelegramAccess, build_application, introduce, register
from bot.chat.desk import Desk
from bot.clock import utc_now
from bot.delivery import Deliverer
from bot.errors import BotError
from bot.lookups import Lookups
from bot.metrics import measure
from bot.metrics_server import metrics_served
from bot.planning import Planner
from bot.ranking.meanings import Meanings
from bot.ranking.minilm import prepare_minilm
from bot.ranking.ranker import Ranker
from bot.ranking.space_file import SpaceFolder
from bot.ranking.strength import Strength
from bot.rounds import DRAIN_SECONDS, Paperboy, stoppable
from bot.rulebooks import Rulebooks
from bot.settings import Settings
from bot.source_health import watch_over
from bot.updates import receive_updates
from bot.wiring import wire_handlers
from sources.arxiv_titles import ArxivTitles
from sources.catalogue import hosts_of, open_sources
from sources.web.client import open_web
from storage.database import Database

log = logging.getLogger(__name__)

TICK = timedelta(seconds=30)
LOOKUP_PAUSE = timedelta(minutes=10)
RECONNECT_SECONDS = 5.0


class UnknownBotError(BotError):
    """Telegram does not know the bot's token."""


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
        async with open_web(hosts_of(settings.source_names, settings.endpoints)) as web:
            application = build_application(access)
            ranker = _ranker(database, settings)
            strength = Strength(database, settings.pick_percentile)
            planner = Planner(
                database, ranker, Rulebooks(), strength, settings.window, settings.max_late, draw
            )
            deliverer = Deliverer(database, application.bot, clock, settings.max_late)
            sources = open_sources(settings.source_names, web, clock, settings.endpoints)
            watch = watch_over(settings, sources)
            register(application, wire_handlers(Desk(database, clock), planner, deliverer, settings, watch))
            titles = ArxivTitles(settings.arxiv_api, web)
            lookups = Lookups(database, titles, clock) if settings.arxiv_lookup else None
            yield Paperboy(
                settings, database, sources, ranker, planner, deliverer, application, clock, lookups
            )
    finally:
        await database.close()


async def run(  # noqa: PLR0913 - what a test and a benchmark turn
    settings: Settings,
    access: TelegramAccess,
    on_ready: Callable[[str], None],
    *,
    stocked: bool = False,
    clock: Callable[[], datetime] = utc_now,
    tick: timedelta = TICK,
) -> None:
    """Run the bot until SIGINT or SIGTERM.

    ``on_ready`` is told the bot's name once it answers. ``stocked`` waits for first papers before that. What is
    due is looked for every ``tick``.

    Raises:
        UnknownBotError: Telegram refuses the token.
        StorageError: The database cannot be used.
        MetricsError: The port of the metrics is taken.
    """
    async with assembled(settings, access, clock) as paperboy, metrics_open(paperboy):
        polled = stocked and await paperboy.stock_up()
        async with connected(paperboy.application):
            scheduler = _schedule(paperboy, tick, poll_now=not polled)
            on_ready(paperboy.application.bot.username)
            try:
                await _receive_until_told(paperboy.application)
            except InvalidToken as error:
                raise _unknown_bot() from error
            finally:
                scheduler.pause()
                await paperboy.drain()
                scheduler.shutdown(wait=False)


def metrics_open(paperboy: Paperboy) -> AbstractAsyncContextManager[object]:
    """Serve the metrics where the settings name a port for them."""
    watch = watch_over(paperboy.settings, paperboy.sources)

    async def measured() -> bytes:
        async with paperboy.database.reading() as session:
            return await measure(session, watch, paperboy.clock())

    port = paperboy.settings.metrics_port
    return nullcontext() if port is None else metrics_served(port, measured)


def _ranker(database: Database, settings: Settings) -> Ranker:
    load = partial(prepare_minilm, settings.embedding_model, settings.data_dir)
    return Ranker(database, Meanings(database, load), SpaceFolder(settings.data_dir / "space"))


def _schedule(paperboy: Paperboy, tick: timedelta, *, poll_now: bool) -> AsyncIOScheduler:
    """Start the timers. They are dumb: what is due stands in the database, not in a job's memory."""
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    now, pause = paperboy.clock(), timedelta(minutes=paperboy.settings.poll_minutes)
    scheduler.add_job(stoppable(paperboy.wake if poll_now else paperboy.digest_round), next_run_time=now)
    for source in paperboy.sources:  # a timer each: one that takes long delays no other
        poll = stoppable(partial(paperboy.poll_round, [source]))
        scheduler.add_job(poll, "interval", seconds=pause.total_seconds())
    scheduler.add_job(stoppable(paperboy.digest_round), "interval", seconds=tick.total_seconds())
    scheduler.add_job(paperboy.reading_round, "interval", seconds=TICK.total_seconds(), next_run_time=now)
    scheduler.add_job(paperboy.lookup_round, "interval", seconds=LOOKUP_PAUSE.total_seconds())
    scheduler.add_job(stoppable(paperboy.forget_receipts), "interval", hours=6, next_run_time=now)
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

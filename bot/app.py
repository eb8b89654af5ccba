"""The composition root: everything is made here, wired once, and run until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.chat.application import TelegramAccess, build_application, introduce, register
from bot.chat.desk import Desk
from bot.chat.faults import excuse
from bot.clock import utc_now
from bot.delivery import Deliverer
from bot.errors import BotError
from bot.interpreter import settle_down
from bot.lookups import Lookups
from bot.metrics import measure
from bot.metrics_server import metrics_served
from bot.planning import Planner
from bot.ranking.meanings import Meanings
from bot.ranking.minilm import prepare_minilm
from bot.ranking.ranker import Ranker
from bot.ranking.space_file import SpaceFolder
from bot.ranking.strength import Strength
from bot.receiving.long_poll import receive_updates
from bot.receiving.updates import Updates
from bot.rounds import Paperboy
from bot.rulebooks import Rulebooks
from bot.settings import Settings
from bot.source_health import watch_over
from bot.stopping import until_told
from bot.timers import Timers
from bot.wiring import wire_handlers
from sources.arxiv_titles import ArxivTitles
from sources.catalogue import hosts_of, open_sources
from sources.web.client import open_web
from storage.database import Database
from storage.solitude import alone_with

log = logging.getLogger(__name__)

TICK = timedelta(seconds=30)
LOOKUP_PAUSE = timedelta(minutes=10)
FORGET_PAUSE = timedelta(hours=6)
DELIVERIES_A_TICK = 6  # so that what is planned is sent within seconds
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
            deliverer = Deliverer(database, application.bot, clock, settings.max_late, draw)
            sources = open_sources(settings.source_names, web, clock, settings.endpoints)
            watch = watch_over(settings, sources)
            desk = Desk(database, clock)
            register(application, wire_handlers(desk, planner, deliverer, settings, watch))
            updates = Updates(application, database, clock, excuse)
            titles = ArxivTitles(settings.arxiv_api, web)
            lookups = Lookups(database, titles, clock) if settings.arxiv_lookup else None
            yield Paperboy(
                settings,
                database,
                sources,
                ranker,
                planner,
                deliverer,
                application,
                clock,
                updates,
                desk.redraws,
                lookups,
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
    """Run the bot until SIGINT or SIGTERM, alone on its database file.

    ``on_ready`` is told the bot's name once it answers. ``stocked`` waits for first papers before that. What
    is due is looked for every ``tick``.

    Raises:
        UnknownBotError: Telegram refuses the token.
        StorageError: The database cannot be used, or another process does.
        MetricsError: The port of the metrics is taken.
    """
    with alone_with(settings.database) as is_alone:
        await until_told(
            live(settings, access, on_ready, is_alone=is_alone, stocked=stocked, clock=clock, tick=tick)
        )


async def live(  # noqa: PLR0913 - the same
    settings: Settings,
    access: TelegramAccess,
    on_ready: Callable[[str], None],
    *,
    is_alone: bool,
    stocked: bool = False,
    clock: Callable[[], datetime] = utc_now,
    tick: timedelta = TICK,
) -> None:
    """Do what `run` does, but until it is cancelled, on a database that is, or is not, its own alone."""
    async with assembled(settings, access, clock) as paperboy, metrics_open(paperboy):
        if is_alone:
            await paperboy.deliverer.recover()
        polled = stocked and await paperboy.stock_up()
        async with connected(paperboy.application), paperboy.redraws:
            await _serve(paperboy, on_ready, tick, poll_now=not polled)


async def _serve(
    paperboy: Paperboy, on_ready: Callable[[str], None], tick: timedelta, *, poll_now: bool
) -> None:
    """Answer and deliver until it is cancelled; what is in hand then is done first."""
    timers = _set(paperboy, tick, poll_now=poll_now)
    timers.start()
    settle_down()
    on_ready(paperboy.application.bot.username)
    receiving = asyncio.ensure_future(receive_updates(paperboy.updates))
    try:
        await asyncio.shield(receiving)
    except InvalidToken as error:
        raise _unknown_bot() from error
    finally:
        await timers.stop()
        await paperboy.drain(receiving)


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


def _set(paperboy: Paperboy, tick: timedelta, *, poll_now: bool) -> Timers:
    """Set the timers."""
    timers, pause = Timers(), timedelta(minutes=paperboy.settings.poll_minutes)
    timers.call("waking", paperboy.wake if poll_now else paperboy.digest_round)
    for source in paperboy.sources:  # a timer each: one that takes long delays no other
        timers.repeat(f"polling {source.name}", partial(paperboy.poll_round, [source]), pause)
    timers.repeat("planning", paperboy.plan_round, tick)
    timers.repeat("delivering", paperboy.deliver_round, tick / DELIVERIES_A_TICK)
    timers.repeat("reading", paperboy.reading_round, TICK, at_once=True)
    timers.repeat("looking up", paperboy.lookup_round, LOOKUP_PAUSE)
    timers.repeat("forgetting", paperboy.forget_receipts, FORGET_PAUSE, at_once=True)
    return timers


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


def _unknown_bot() -> UnknownBotError:
    return UnknownBotError(
        "Telegram does not know this bot: check TELEGRAM_BOT_TOKEN against what @BotFather gave you."
    )

"""The composition root: everything is made here, wired once, and run until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.chat.application import TelegramAccess, build_application, introduce, register
from bot.chat.desk import Desk
from bot.chat.faults import excuse
from bot.clock import utc_now
from bot.delivery import Deliverer
from bot.errors import BotError
from bot.interpreter import settle_down
from bot.leading import LEASE, Leadership, sign
from bot.lookups import Lookups
from bot.metrics import measure
from bot.metrics_server import metrics_served
from bot.planning import Planner
from bot.pulse import LAST_SECONDS, Pulse
from bot.ranking.meanings import Meanings
from bot.ranking.minilm import prepare_minilm
from bot.ranking.ranker import Ranker
from bot.ranking.space_file import SpaceFolder
from bot.ranking.strength import Strength
from bot.receiving.long_poll import receive_updates
from bot.receiving.updates import Updates
from bot.roles import ALL_ROLES, Role
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

TICKING = "ticking"
TICK = timedelta(seconds=30)
LOOKUP_PAUSE = timedelta(minutes=10)
FORGET_PAUSE = timedelta(hours=6)
DELIVERIES_A_TICK = 6  # so that what is planned is sent within seconds
RECONNECT_SECONDS = 5.0
OnReady: TypeAlias = Callable[[str | None], None]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often is looked for what is due, and how long one that led is believed to lead."""

    tick: timedelta = TICK
    lease: timedelta = LEASE


USUAL = Rhythm()


class UnknownBotError(BotError):
    """Telegram does not know the bot's token."""


class RolesError(BotError):
    """Parts of the bot cannot run apart on this database."""

    def __init__(self) -> None:
        super().__init__(
            "A role of its own is for a database that several processes share, and this one is a file.\n"
            "  Run all of the bot in one process: paperboy run\n"
            "  or move it to PostgreSQL: paperboy migrate-to postgresql://..."
        )


@asynccontextmanager
async def assembled(
    settings: Settings,
    access: TelegramAccess,
    clock: Callable[[], datetime] = utc_now,
    draw: Callable[[], float] = random.random,
    *,
    roles: frozenset[Role] = ALL_ROLES,
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
                roles,
            )
    finally:
        await database.close()


async def run(  # noqa: PLR0913 - what a test and a benchmark turn
    settings: Settings,
    access: TelegramAccess,
    on_ready: OnReady,
    *,
    roles: frozenset[Role] = ALL_ROLES,
    stocked: bool = False,
    clock: Callable[[], datetime] = utc_now,
    rhythm: Rhythm = USUAL,
) -> None:
    """Run the bot, or its parts of these roles, until SIGINT or SIGTERM; alone on a database file.

    ``on_ready`` is told the bot's name once it answers, or None where these roles do not speak to Telegram.
    ``stocked`` waits for first papers before that.

    Raises:
        UnknownBotError: Telegram refuses the token.
        StorageError: The database cannot be used, or another process does.
        RolesError: Some roles alone, on a database that only one process can use.
        MetricsError: The port of the metrics is taken.
    """
    with alone_with(settings.database) as is_alone:
        if is_alone and roles != ALL_ROLES:
            raise RolesError
        await until_told(
            live(
                settings,
                access,
                on_ready,
                is_alone=is_alone,
                roles=roles,
                stocked=stocked,
                clock=clock,
                rhythm=rhythm,
            )
        )


async def live(  # noqa: PLR0913 - the same
    settings: Settings,
    access: TelegramAccess,
    on_ready: OnReady,
    *,
    is_alone: bool,
    roles: frozenset[Role] = ALL_ROLES,
    stocked: bool = False,
    clock: Callable[[], datetime] = utc_now,
    rhythm: Rhythm = USUAL,
) -> None:
    """Do what `run` does, but until it is cancelled, on a database that is, or is not, its own alone."""
    async with assembled(settings, access, clock, roles=roles) as paperboy, metrics_open(paperboy):
        if is_alone:
            await paperboy.deliverer.recover()
        polled = stocked and await paperboy.stock_up()
        async with _connected(paperboy), paperboy.redraws:
            await _serve(paperboy, on_ready, rhythm, poll_now=not polled)


async def _serve(paperboy: Paperboy, on_ready: OnReady, rhythm: Rhythm, *, poll_now: bool) -> None:
    """Do what the roles ask for until it is cancelled; what is in hand then is done first."""
    pulse = _pulse(paperboy, rhythm)
    pulse.start()
    leading = asyncio.create_task(_lead(paperboy, rhythm, poll_now=poll_now))
    settle_down()
    on_ready(paperboy.application.bot.username if paperboy.speaks else None)
    receiving = asyncio.create_task(_receive(paperboy))
    try:
        done, _ = await asyncio.wait({receiving, leading}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:  # none ends by itself but by a fault
            task.result()
    except InvalidToken as error:
        raise _unknown_bot() from error
    finally:
        leading.cancel()
        await asyncio.wait({leading}, timeout=LAST_SECONDS)
        await pulse.stop()
        await paperboy.drain(receiving)


async def _receive(paperboy: Paperboy) -> None:
    """Carry out what readers say, where that is a role of this process, until there shall be an end."""
    if Role.CHAT in paperboy.roles:
        await receive_updates(paperboy.updates)
    else:
        await paperboy.updates.stopping.wait()


async def _lead(paperboy: Paperboy, rhythm: Rhythm, *, poll_now: bool) -> None:
    """Tick whenever that is for this process to do, if it is one of its roles, until it is cancelled."""
    if Role.POLL not in paperboy.roles:
        await asyncio.Event().wait()
    leadership = Leadership(paperboy.database, TICKING, sign(), paperboy.clock, rhythm.lease)
    await leadership.lead(lambda: _ticking(paperboy, rhythm.tick, poll_now=poll_now))


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


@asynccontextmanager
async def _ticking(paperboy: Paperboy, tick: timedelta, *, poll_now: bool) -> AsyncIterator[None]:
    """Call, as long as this lasts, what one process does for all."""
    timers, pause = Timers(), timedelta(minutes=paperboy.settings.poll_minutes)
    timers.call("waking", paperboy.wake if poll_now else paperboy.plan_round)
    for source in paperboy.sources:  # a timer each: one that takes long delays no other
        timers.repeat(f"polling {source.name}", partial(paperboy.poll_round, [source]), pause)
    timers.repeat("planning", paperboy.plan_round, tick)
    timers.repeat("looking up", paperboy.lookup_round, LOOKUP_PAUSE)
    timers.repeat("forgetting", paperboy.forget_receipts, FORGET_PAUSE, at_once=True)
    timers.start()
    try:
        yield
    finally:
        await timers.stop()


def _pulse(paperboy: Paperboy, rhythm: Rhythm) -> Pulse:
    """Say what this process does for itself."""
    pulse = Pulse()
    if Role.DELIVER in paperboy.roles:
        pulse.repeat("delivering", paperboy.deliver_round, rhythm.tick / DELIVERIES_A_TICK)
    if paperboy.ranks:
        pulse.repeat("reading", paperboy.reading_round, TICK)
    return pulse


@asynccontextmanager
async def _connected(paperboy: Paperboy) -> AsyncIterator[None]:
    """Meet Telegram, where this process speaks to it."""
    if not paperboy.speaks:
        yield
        return
    async with connected(paperboy.application):
        yield


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

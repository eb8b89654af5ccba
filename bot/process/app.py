"""The composition root: everything is made here and wired once. `bot.process.running` says what then."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.chat.application import TelegramAccess, build_application, register
from bot.chat.desk import Desk
from bot.chat.faults import excuse
from bot.clock import utc_now
from bot.delivering.delivery import Deliverer
from bot.delivering.in_hand import LEASE, InHand
from bot.pacing.bucket import DatabaseBucket
from bot.planning import Planner
from bot.polling.health import watch_over
from bot.polling.lookups import Lookups
from bot.process.wiring import wire_handlers
from bot.ranking.meanings import Meanings
from bot.ranking.minilm import prepare_minilm
from bot.ranking.ranker import Ranker
from bot.ranking.rulebooks import Rulebooks
from bot.ranking.space_file import SpaceFolder
from bot.ranking.strength import Strength
from bot.receiving.updates import Updates
from bot.roles import ALL_ROLES, Role
from bot.rounds import Paperboy
from bot.settings import Settings
from sources.arxiv_titles import ArxivTitles
from sources.catalogue import hosts_of, open_sources
from sources.web.client import open_web
from storage.database import Database

if TYPE_CHECKING:
    from bot.queueing.plan_queue import PlanQueue


@asynccontextmanager
async def assembled(  # noqa: PLR0913 - what a test turns
    settings: Settings,
    access: TelegramAccess,
    clock: Callable[[], datetime] = utc_now,
    draw: Callable[[], float] = random.random,
    *,
    roles: frozenset[Role] = ALL_ROLES,
    queued: bool = False,
    holds: timedelta = LEASE,
) -> AsyncIterator[Paperboy]:
    """Open the database and wire everything; close it all at the end.

    ``draw`` gives numbers from 0 up to 1, by chance. Planning is done at once, or ``queued`` where other
    processes may share in it. What is being sent is held for so long without a word of this process.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(_opened(settings.database))
        web = await stack.enter_async_context(open_web(hosts_of(settings.source_names, settings.endpoints)))
        bucket = DatabaseBucket(database, clock) if database.is_shared else None
        application = build_application(access, bucket)
        ranker = _ranker(database, settings)
        strength = Strength(database, settings.pick_percentile)
        planner = Planner(database, ranker, Rulebooks(), strength, settings.window, settings.max_late, draw)
        in_hand = InHand(database, clock, holds)
        deliverer = Deliverer(database, application.bot, clock, settings.max_late, draw, in_hand=in_hand)
        sources = open_sources(settings.source_names, web, clock, settings.endpoints)
        watch = watch_over(settings, sources)
        desk = Desk(database, clock)
        register(application, wire_handlers(desk, planner, deliverer, settings, watch))
        updates = Updates(application, database, clock, excuse)
        titles = ArxivTitles(settings.arxiv_api, web)
        lookups = Lookups(database, titles, clock) if settings.arxiv_lookup else None
        is_queued = queued and database.is_shared and not roles.isdisjoint({Role.POLL, Role.PLAN})
        queue = await stack.enter_async_context(_queue(settings, planner, clock)) if is_queued else None
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
            queue,
            roles,
        )


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def _queue(
    settings: Settings, planner: Planner, clock: Callable[[], datetime]
) -> AsyncIterator[PlanQueue]:
    from bot.queueing.plan_queue import PlanQueue  # noqa: PLC0415 - an extra

    queue = PlanQueue(settings.database, planner, clock)
    await queue.open()
    try:
        yield queue
    finally:
        await queue.close()


def _ranker(database: Database, settings: Settings) -> Ranker:
    load = partial(prepare_minilm, settings.embedding_model, settings.data_dir)
    return Ranker(database, Meanings(database, load), SpaceFolder(settings.data_dir / "space"))

"""The rounds of the bot: polling, reading, planning and delivering, each at most once at a time."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from structlog.contextvars import bound_contextvars
from telegram.ext import Application

from bot.chat.redraws import Redraws
from bot.delivering.delivery import Deliverer
from bot.planning import Planner
from bot.polling.lookups import Lookups
from bot.polling.polled import SourceReport
from bot.polling.poller import Poller, side_by_side
from bot.polling.sample import load_sample
from bot.ranking.ranker import Ranker
from bot.receiving.updates import Updates
from bot.roles import ALL_ROLES, Role
from bot.settings import Settings
from bot.telling.strides import Strides
from sources.folder import FolderSource
from sources.source import Source
from storage import inbox, papers, receipts
from storage.database import Database

if TYPE_CHECKING:
    from bot.queueing.plan_queue import PlanQueue  # of an extra

log = logging.getLogger(__name__)

UPDATES_HELD = timedelta(days=2)  # Telegram itself says: not longer than 24 hours
FIRST_POLL_SECONDS = 6.0
WAKE_SECONDS = 60.0
DRAIN_SECONDS = 6.0
LEAST_LIST = 5  # new papers that make a list; fewer are late additions to one that was out before


@dataclass(frozen=True, slots=True)
class Paperboy:
    """The whole bot, wired. Its rounds are what the scheduler calls; each runs once at a time.

    Polls of different sources run side by side: one that takes long, as arXiv after an outage, holds up only
    its own next poll.
    """

    settings: Settings
    database: Database
    sources: Sequence[Source]
    ranker: Ranker
    planner: Planner
    deliverer: Deliverer
    application: Application[Any, Any, Any, Any, Any, Any]
    clock: Callable[[], datetime]
    updates: Updates
    redraws: Redraws
    lookups: Lookups | None = None
    queue: PlanQueue | None = None
    roles: frozenset[Role] = ALL_ROLES
    ticking: Strides = field(default_factory=Strides)
    handing_out: Strides = field(default_factory=Strides)
    keeping_up: Strides = field(default_factory=Strides)
    polling: defaultdict[str, Strides] = field(default_factory=lambda: defaultdict(Strides))
    _polling: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _planning: asyncio.Lock = field(default_factory=asyncio.Lock)
    _delivering: asyncio.Lock = field(default_factory=asyncio.Lock)
    _sending: set[asyncio.Future[None]] = field(default_factory=set)

    async def tick(self) -> None:
        """Note that this process is the one that ticks."""
        self.ticking.step()

    async def poll_round(self, sources: Sequence[Source] | None = None) -> None:
        """Poll, and take what is new onto the shelf, of each source as soon as it is read."""
        polled = self.sources if sources is None else sources
        await side_by_side(self._poll_source(source) for source in polled)
        if self.ranks and not self.ranker.ready:
            await self.take_news()

    @property
    def ranks(self) -> bool:
        """Whether this process ranks papers, and so needs a shelf of them."""
        return not self.roles.isdisjoint({Role.CHAT, Role.PLAN})

    @property
    def speaks(self) -> bool:
        """Whether this process speaks to Telegram."""
        return not self.roles.isdisjoint({Role.CHAT, Role.DELIVER})

    async def take_news(self) -> None:
        """Take papers that are new in the database, or told of again, onto the shelf and under the rules."""
        if not self.ranks:
            return
        await self.ranker.renew()
        self.planner.rulebooks.forget()

    async def _poll_source(self, source: Source) -> None:
        async with self._polling[source.name]:
            with bound_contextvars(source=source.name), self.polling[source.name].walk() as step:
                report = await self._poller(step).poll(source)
                _log_report(report)
        if report.added or report.updated:
            await self.take_news()
        if report.fresh >= LEAST_LIST:
            await self.planner.welcome_list(self.clock())

    def _poller(self, step: Callable[[], None]) -> Poller:
        backfill, draw = self.settings.backfill, self.planner.draw
        return Poller(self.database, self.clock, backfill, draw, lambda _progress: step())

    async def keep_up(self) -> None:
        """Take in what other processes brought, and get ready to plan by it."""
        plans = Role.PLAN in self.roles
        with self.keeping_up.walk():
            if await self.ranker.keep_up(for_many=plans):
                self.planner.rulebooks.forget()
            if plans:
                await self.planner.get_ready(self.clock())

    async def reading_round(self, *, reads: bool = True) -> None:
        """Have the model read what came, which takes seconds for a day's papers and minutes for thousands.

        Where another process ``reads``, take over what it has read by now.
        """
        await self.ranker.read_unread(reads=reads)

    async def lookup_round(self) -> None:
        """Seek the ids of papers that came without, and rank by what was learned with them."""
        if self.lookups and await self.lookups.seek_due():
            await self.take_news()

    async def forget_receipts(self) -> None:
        """Drop the receipts of updates that Telegram no longer holds, and what was set aside as long ago."""
        async with self.database.writing() as session:
            await receipts.forget(session, self.clock() - UPDATES_HELD)
            await inbox.forget_aside(session, self.clock() - UPDATES_HELD)

    async def digest_round(self) -> None:
        """Plan what is due, then deliver what is planned."""
        await self.plan_round()
        await self.deliver_round()

    async def plan_round(self) -> None:
        """Plan what is due, or hand it out; what is planned first may be sent before the rest is planned."""
        async with self._planning:
            if self.queue is None:
                await self.planner.plan_due(self.clock())
            else:
                with self.handing_out.walk():
                    await self.planner.mend_if_set_back(self.clock())
                    await self.queue.hand_out(self.clock())

    async def deliver_round(self) -> None:
        """Deliver what is planned. A cancelled round sends on what it has in hand: `drain` waits for that."""
        async with self._delivering:
            sending = asyncio.ensure_future(self.deliverer.deliver_due())
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)
            await asyncio.shield(sending)

    async def stock_up(self, seconds: float = FIRST_POLL_SECONDS) -> bool:
        """Make sure that a first reader finds papers: from the folders, else the web, else the sample.

        The web has so many seconds; what is not read by then is left to the next poll.

        Returns:
            Whether all sources were polled for that.
        """
        folders = [source for source in self.sources if isinstance(source, FolderSource)]
        others = [source for source in self.sources if source not in folders]
        await self.poll_round(folders)
        if await self._has_papers():
            return not others
        polled = await self._poll_in_time(others, seconds)
        if sample := await load_sample(self.database, self.clock()):
            log.warning("no source has papers yet: %d invented sample papers stand in for them", sample)
            await self.take_news()
        return polled

    async def _poll_in_time(self, sources: Sequence[Source], seconds: float) -> bool:
        """Poll and tell whether it came to its end; what it stored before the time was up stays."""
        try:
            async with asyncio.timeout(seconds):
                await self.poll_round(sources)
        except TimeoutError:
            await self.take_news()
            return False
        return True

    async def wake(self, seconds: float = WAKE_SECONDS) -> None:
        """Poll before the first digests, so that what fell due meanwhile is picked from today's papers.

        A poll that takes longer than so many seconds, as a first one of many days may, goes on after them.
        """
        async with self._planning:
            polled = await self._poll_in_time(self.sources, seconds)
        await self.plan_round()
        if not polled:
            await self.poll_round()

    async def drain(self, *working: asyncio.Future[Any]) -> None:
        """Take up nothing more, and let what is in hand come to its end, within bounds.

        ``working`` is what takes work up until `Updates.stopping` is set: updates, and jobs.
        """
        self.updates.stopping.set()
        self.deliverer.halt()
        _, left = await asyncio.wait({*working, *self._sending}, timeout=DRAIN_SECONDS)
        for task in left:
            task.cancel()
        if left:
            log.warning("not all was done after %.0f s; it goes on at the next start", DRAIN_SECONDS)
            await asyncio.wait(left, timeout=1)

    async def _has_papers(self) -> bool:
        async with self.database.reading() as session:
            return await papers.count(session) > 0


def _log_report(report: SourceReport) -> None:
    if report.error:
        level = logging.INFO if report.rests_until else logging.WARNING  # that it rests was a failure before
        log.log(level, "%s: nothing read: %s", report.source, report.error)
        return
    read, failed = len(report.read), len(report.failed)
    if failed:
        rest = f"; failed besides: {failed - 1}, not asked for: {report.unasked}"
        log.warning("%s: %s%s", report.source, report.why, rest if failed + report.unasked > 1 else "")
    if read or failed:
        counts = (read, failed, report.added, report.updated)
        log.info("%s: %d lists read, %d failed; %d new papers, %d told of again", report.source, *counts)

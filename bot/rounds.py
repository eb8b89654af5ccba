"""The rounds of the bot: polling, reading, planning and delivering, each at most once at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import Application

from bot.delivery import Deliverer
from bot.planning import Planner
from bot.polling import SourceReport, poll
from bot.ranking.ranker import Ranker
from bot.sample import load_sample
from bot.settings import Settings
from sources.folder import FolderSource
from sources.source import Source
from storage import papers, receipts
from storage.database import Database

log = logging.getLogger(__name__)

UPDATES_HELD = timedelta(days=2)  # Telegram itself says: not longer than 24 hours
FIRST_POLL_SECONDS = 6.0
WAKE_SECONDS = 60.0
DRAIN_SECONDS = 10.0
LEAST_LIST = 5  # new papers that make a list; fewer are late additions to one that was out before


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
            reports = await poll(
                self.sources if sources is None else sources,
                self.database,
                self.clock,
                self.settings.backfill,
            )
            for report in reports:
                _log_report(report)
            if not self.ranker.ready or any(report.added or report.updated for report in reports):
                await self.ranker.renew()
                self.planner.rulebooks.forget()
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


def _log_report(report: SourceReport) -> None:
    if report.added or report.updated:
        log.info("%s: %d new papers, %d told of again", report.source, report.added, report.updated)

"""What is mended at the start, and when the clock was set back: the time table of readers.

A clock that was ahead has put off the digests of readers and dated rows of the ledger. An update of the time
zone data may have dropped a zone that readers chose.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.timetable.rhythm import move_on
from bot.timetable.schedule import is_zone
from storage import ledger, misdated, readers
from storage.database import Database
from storage.readers import Reader

log = logging.getLogger(__name__)

BATCH = 500
SURE = timedelta(days=1)  # a digest that is due so soon was not put off by much


@dataclass(slots=True)
class ClockWatch:
    """Remembers the latest moment for which the time table is known to be in order."""

    latest: datetime | None = None

    def is_set_back(self, now: datetime) -> bool:
        """Tell whether the clock may have been set back since; where it was not, remember this moment."""
        if self.latest is None or now < self.latest:
            return True
        self.latest = now
        return False


async def mend(database: Database, now: datetime) -> None:
    """Free days and readers of what a clock that was ahead did to them, and of zones that are none."""
    await _drop_unknown_zones(database)
    async with database.writing() as session:
        freed = await misdated.take_back(session, now)
    recalled = await _recall_all(database, now)
    if freed or recalled:
        log.warning(
            "the clock was ahead: %d readers had rows for days yet to come, %d were due too late; mended",
            freed,
            recalled,
        )


async def _drop_unknown_zones(database: Database) -> None:
    async with database.reading() as session:
        unknown = sorted(zone for zone in await readers.zones(session) if not is_zone(zone))
    for zone in unknown:
        async with database.writing() as session:
            count = await readers.forget_zone(session, zone)
        log.error(
            "the time zone %s, which %d readers chose, is not known any more: they get no daily digest until "
            "they choose their city again in /settings; update the package tzdata if it should be known",
            zone,
            count,
        )


async def _recall_all(database: Database, now: datetime) -> int:
    """Make readers due as early as they should be; tell how many were due too late."""
    recalled, last = 0, None
    while True:
        async with database.writing() as session:
            found = await readers.waiting(session, now + SURE, last, BATCH)
            for reader in found:
                recalled += await _recall(session, reader, now)
        if len(found) < BATCH:
            return recalled
        last = found[-1].chat_id
        await asyncio.sleep(0)


async def _recall(session: AsyncSession, reader: Reader, now: datetime) -> bool:
    if move_on(reader, now) == reader:
        return False
    mended = move_on(reader, now, await ledger.last_day(session, reader.chat_id))
    if mended == reader:
        return False
    await readers.save(session, mended)
    return True

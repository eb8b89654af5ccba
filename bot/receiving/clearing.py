"""Taking updates out of the inbox that were carried out, those of one moment in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.grouped import Grouped
from bot.receiving.persistence import Persistence
from storage import inbox
from storage.database import Database


class Clearing:
    """Takes updates out."""

    def __init__(self, database: Database, clock: Callable[[], datetime], persistence: Persistence) -> None:
        self._database = database
        self._clock = clock
        self._persistence = persistence
        self._grouped = Grouped(self._settle)

    async def clear(self, update_id: int) -> bool:
        """Take an update out; tell whether that is committed, or the bot is to stop before it works."""
        return bool(await self._persistence.see_through(lambda: self._grouped.do(update_id)))

    async def _settle(self, update_ids: Sequence[int]) -> Sequence[bool]:
        async with self._database.writing() as session:
            await inbox.settle(session, update_ids, self._clock())
        return [True] * len(update_ids)

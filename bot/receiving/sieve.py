"""What is never to be carried out is set aside: it cannot be read, or it has ended the process too often."""

from __future__ import annotations

import json
import logging

from telegram import Bot, Update

from bot.receiving.persistence import Persistence
from bot.receiving.told import read_update
from storage import inbox
from storage.database import Database
from storage.inbox import KeptUpdate

log = logging.getLogger(__name__)

MOST_TRIES = 10  # an innocent one may be in hand at several kills in a row, and is not to be lost by it


class Sieve:
    """Lets through what can be carried out."""

    def __init__(self, database: Database, persistence: Persistence, bot: Bot) -> None:
        self._database = database
        self._persistence = persistence
        self._bot = bot

    async def read(self, kept: KeptUpdate) -> Update | None:
        """Read an update; one that cannot be read, or was tried too often, is set aside."""
        update = None if kept.tries >= MOST_TRIES else _read(kept, self._bot)
        if kept.tries >= MOST_TRIES:
            log.error("update %d ended the process %d times: it is set aside", kept.update_id, kept.tries)
        elif update is None:
            log_unreadable(kept.update_id)
        if update is None:
            await self._set_aside(kept)
        return update

    async def _set_aside(self, kept: KeptUpdate) -> None:
        async def set_aside() -> None:
            async with self._database.writing() as session:
                await inbox.set_aside(session, kept.update_id)

        await self._persistence.see_through(set_aside)


def log_unreadable(update_id: int) -> None:
    """Write down that an update is set aside, and no word of it."""
    log.error("update %d cannot be read: it is set aside", update_id)


def _read(kept: KeptUpdate, bot: Bot) -> Update | None:
    try:
        return read_update(json.loads(kept.body), bot)
    except ValueError:
        return None

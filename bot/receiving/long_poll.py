"""Long polling that loses nothing: an update is confirmed only after it was kept.

python-telegram-bot's own updater confirms updates when it fetches them, so a kill loses those in its queue.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.flood import pause_asked
from bot.receiving.persistence import back_off
from bot.receiving.updates import Updates
from storage.errors import StorageError

log = logging.getLogger(__name__)

WANTED = (
    Update.MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.MESSAGE_REACTION,
    Update.MESSAGE_REACTION_COUNT,
)
WAIT_SECONDS = 30
FULL_SECONDS = 1.0  # so often is looked whether there is room again


async def receive_updates(updates: Updates) -> None:
    """Carry out what waits, then fetch and hand on updates until `Updates.stopping` is set.

    What was taken in before the stop is carried out.

    Raises:
        InvalidToken: Telegram does not know the bot.
    """
    refused: InvalidToken | None = None
    poll = _LongPoll(updates)
    try:
        async with asyncio.TaskGroup() as tasks:
            try:
                if not updates.stopping.is_set():
                    await updates.replay(tasks)
                await poll.serve(tasks)
            except InvalidToken as error:  # raised when all else has ended, and not in a group of one
                refused = error
    finally:
        await updates.end()
    if refused:
        raise refused
    await poll.confirm()


class _LongPoll:
    """Asks Telegram what is new."""

    def __init__(self, updates: Updates) -> None:
        self._updates = updates
        self._stopping = updates.stopping
        self._bot: Bot = updates.application.bot
        self._offset: int | None = None  # the first update to be told of; those before it are confirmed

    async def serve(self, tasks: asyncio.TaskGroup) -> None:
        """Hand on what comes until told to stop."""
        pauses = back_off()
        while not self._stopping.is_set():
            if self._updates.is_full:
                await self._updates.persistence.wait(FULL_SECONDS)
                continue
            try:
                fetched = await self._fetch()
                await self._updates.take(fetched, tasks)
            except InvalidToken:
                raise
            except StorageError as error:
                self._updates.persistence.note(error)
                await self._updates.persistence.wait(next(pauses))
            except TelegramError as error:
                pause = _pause(error, next(pauses))
                log.warning("no updates: %s; trying again in %.0f s", _explain(error), pause)
                await self._updates.persistence.wait(pause)
            except Exception:  # an answer that is none of Telegram's must not end the bot, which delivers too
                log.exception("what Telegram told cannot be read; asking again")
                await self._updates.persistence.wait(next(pauses))
            else:
                pauses = back_off()
                self._offset = max((update.update_id + 1 for update in fetched), default=self._offset)

    async def confirm(self) -> None:
        """Tell Telegram what was taken in last, which it is else told with the next question."""
        if self._offset is not None:
            with suppress(TelegramError):  # what is not confirmed comes again, and counts once
                await self._bot.get_updates(offset=self._offset, timeout=0, limit=1, allowed_updates=WANTED)

    async def _fetch(self) -> Sequence[Update]:
        fetching = asyncio.ensure_future(
            self._bot.get_updates(
                offset=self._offset,
                timeout=WAIT_SECONDS,
                allowed_updates=WANTED,
                read_timeout=WAIT_SECONDS + 10,
            )
        )
        told = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({fetching, told}, return_when=asyncio.FIRST_COMPLETED)
            return fetching.result() if fetching.done() else ()
        finally:
            for task in (fetching, told):
                task.cancel()
            await asyncio.gather(fetching, told, return_exceptions=True)


def _pause(error: TelegramError, back_off: float) -> float:
    return pause_asked(error).total_seconds() if isinstance(error, RetryAfter) else back_off


def _explain(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "another program reads this bot's messages with the same token; end it"
    return error.message

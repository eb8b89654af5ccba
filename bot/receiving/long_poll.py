"""Long polling that loses nothing: an update is confirmed only after it was kept.

python-telegram-bot's own updater confirms updates when it fetches them, so a kill loses those in its queue.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot.receiving.asking import WANTED, pause_after
from bot.receiving.persistence import back_off
from bot.receiving.told import Told, read_told
from bot.receiving.updates import Updates, carry_out_all
from storage.errors import StorageError

log = logging.getLogger(__name__)

WAIT_SECONDS = 30
_GET_UPDATES = "getupdates"  # in small letters: python-telegram-bot warns of going past its own method
FULL_SECONDS = 1.0  # so often is looked whether there is room again, and whether it is for us to ask


async def receive_updates(updates: Updates, may_ask: Callable[[], bool] = lambda: True) -> None:
    """Carry out what waits, then fetch and hand on updates until `Updates.stopping` is set.

    What was taken in before the stop is carried out. Telegram tells one process at a time: ``may_ask`` says
    whether it is this one.

    Raises:
        InvalidToken: Telegram does not know the bot.
    """
    poll = _LongPoll(updates, may_ask)
    await carry_out_all(updates, poll.serve)
    await poll.confirm()


class _LongPoll:
    """Asks Telegram what is new."""

    def __init__(self, updates: Updates, may_ask: Callable[[], bool]) -> None:
        self._updates = updates
        self._may_ask = may_ask
        self._stopping = updates.stopping
        self._bot: Bot = updates.application.bot
        self._offset: int | None = None  # the first update to be told of; those before it are confirmed
        self._has_parted = False  # from the webhook; one that stands refuses every getUpdates

    async def serve(self, tasks: asyncio.TaskGroup) -> None:
        """Hand on what comes until told to stop."""
        pauses = back_off()
        while not self._stopping.is_set():
            self._updates.listening.step()
            if self._updates.is_full or not self._may_ask():
                await self._updates.persistence.wait(FULL_SECONDS)
                continue
            try:
                told = await self._fetch()
                await self._updates.take(told, tasks)
            except InvalidToken:
                raise
            except StorageError as error:
                self._updates.persistence.note(error)
                await self._updates.persistence.wait(next(pauses))
            except TelegramError as error:
                pause = pause_after(error, next(pauses))
                log.warning("no updates: %s; trying again in %.0f s", _explain(error), pause)
                self._updates.listening.rest()  # for as long as Telegram asks, be it hours
                await self._updates.persistence.wait(pause)
            except Exception:  # an answer that is none of Telegram's must not end the bot, which delivers too
                log.exception("what Telegram told cannot be read; asking again")
                await self._updates.persistence.wait(next(pauses))
            else:
                pauses = back_off()
                self._offset = max((each.update_id + 1 for each in told), default=self._offset)

    async def confirm(self) -> None:
        """Tell Telegram what was taken in last, which it is else told with the next question."""
        if self._offset is not None:
            with suppress(TelegramError):  # what is not confirmed comes again, and counts once
                await self._get_updates(timeout=0, limit=1)

    async def _fetch(self) -> Sequence[Told]:
        """Wait for something new; nothing where the bot is to stop before that."""
        fetching = asyncio.ensure_future(self._ask())
        told = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({fetching, told}, return_when=asyncio.FIRST_COMPLETED)
            return fetching.result() if fetching.done() else ()
        finally:
            for task in (fetching, told):
                task.cancel()
            await asyncio.gather(fetching, told, return_exceptions=True)

    async def _ask(self) -> Sequence[Told]:
        if not self._has_parted:
            self._has_parted = await self._bot.delete_webhook()
        return [read_told(content, self._bot) for content in await self._get_updates(timeout=WAIT_SECONDS)]

    async def _get_updates(self, **asked: int) -> Any:
        """Ask as python-telegram-bot does, but have what is told as it came.

        It reads all that it fetches or nothing of it, and then writes that into the log.
        """
        question = {"allowed_updates": WANTED, **asked}
        if self._offset is not None:
            question["offset"] = self._offset
        patience = WAIT_SECONDS + 10
        try:
            return await self._bot.do_api_request(_GET_UPDATES, question, read_timeout=patience)
        except EndPointNotFound as error:  # Telegram says the same of a token that it does not know any more
            raise InvalidToken(error.message) from error


def _explain(error: TelegramError) -> str:
    if isinstance(error, Conflict) and "webhook" in error.message:
        return "another program has set a webhook for this bot; end it, or set WEBHOOK_URL here, too"
    if isinstance(error, Conflict):
        return "another program reads this bot's messages with the same token; end it"
    return error.message

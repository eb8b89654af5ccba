"""Long polling that loses nothing: an update is confirmed only after it was handled.

python-telegram-bot's own updater confirms updates when it fetches them, so a kill loses those in its queue.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application

from bot.flood import pause_asked

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
LONGEST_BACK_OFF = 60.0
HELD_SECONDS = 1.0  # while a chat is slow, it is asked so often what the others say
# Of more Telegram does not tell at once: were they all held, nobody else would be heard. So they are
# confirmed, and a kill loses those that are not handled yet.
MOST_HELD = 100


async def receive_updates(
    application: Application[Any, Any, Any, Any, Any, Any], stopping: asyncio.Event
) -> None:
    """Fetch and handle updates until told to stop; those of one chat in order, different chats side by side.

    A chat that is slow, as a busy group is that may be written to only so often, keeps no other waiting. What
    was fetched before the stop is handled and confirmed.

    Raises:
        InvalidToken: Telegram does not know the bot.
    """
    counter = _Counter(application)
    try:
        await _serve(counter, application.bot, stopping)
    finally:
        await counter.close()
    if counter.offset is not None:
        with suppress(TelegramError):  # what is not confirmed comes again, and counts once
            await application.bot.get_updates(
                offset=counter.offset, timeout=0, limit=1, allowed_updates=WANTED
            )


async def _serve(counter: _Counter, bot: Bot, stopping: asyncio.Event) -> None:
    """Hand on what comes until told to stop, and let all of it be handled."""
    back_off = 1.0
    while not stopping.is_set():
        try:
            updates = await _fetch(bot, counter.offset, stopping)
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("no updates: %s; trying again in %.0f s", _explain(error), back_off)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _pause(error, back_off))
            back_off = min(back_off * 2, LONGEST_BACK_OFF)
            continue
        back_off = 1.0
        counter.take(updates)
        await counter.wait(HELD_SECONDS)
    await counter.wait(None)


class _Counter:
    """The updates in hand. Until the oldest is handled Telegram tells of it again, and of what is new."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        self._application = application
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._last_of_chat: dict[int, asyncio.Task[None]] = {}
        self._taken: set[int] = set()  # what Telegram may tell of again

    @property
    def offset(self) -> int | None:
        """The first update to be told of; those before it are confirmed. None before the first."""
        if not self._taken:
            return None
        oldest = min(self._in_hand, default=max(self._taken) + 1)
        is_full = sum(number >= oldest for number in self._taken) >= MOST_HELD
        return max(self._taken) + 1 if is_full else oldest

    def take(self, updates: Sequence[Update]) -> None:
        """Begin to handle what is new."""
        confirmed = self.offset or 0
        newest = max(self._taken, default=0)
        self._taken = {number for number in self._taken if number >= confirmed or number == newest}
        for update in updates:
            if update.update_id not in self._taken:
                self._taken.add(update.update_id)
                self._begin(update)

    async def wait(self, seconds: float | None) -> None:
        """Wait until all is handled, but no longer than so."""
        if self._in_hand:
            done, _ = await asyncio.wait(self._in_hand.values(), timeout=seconds)
            for task in done:
                task.result()  # raises what no handler foresaw

    async def close(self) -> None:
        """Let go of what is still in hand."""
        left = [*self._in_hand.values()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _begin(self, update: Update) -> None:
        chat_id = update.effective_chat.id if update.effective_chat else 0
        task = asyncio.create_task(self._handle(update, chat_id, self._last_of_chat.get(chat_id)))
        self._in_hand[update.update_id] = self._last_of_chat[chat_id] = task

    async def _handle(self, update: Update, chat_id: int, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait({before})
        await self._application.process_update(update)
        task = self._in_hand.pop(update.update_id)
        if self._last_of_chat[chat_id] is task:
            del self._last_of_chat[chat_id]


async def _fetch(bot: Bot, offset: int | None, stopping: asyncio.Event) -> Sequence[Update]:
    fetching = asyncio.ensure_future(
        bot.get_updates(
            offset=offset, timeout=WAIT_SECONDS, allowed_updates=WANTED, read_timeout=WAIT_SECONDS + 10
        )
    )
    told = asyncio.ensure_future(stopping.wait())
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

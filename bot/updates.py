"""Long polling that loses nothing: an update is confirmed only after it was handled.

python-telegram-bot's own updater confirms updates when it fetches them, so a kill loses those in its queue.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
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


async def receive_updates(
    application: Application[Any, Any, Any, Any, Any, Any], stopping: asyncio.Event
) -> None:
    """Fetch and handle updates until told to stop; those of one chat in order, different chats side by side.

    What was fetched before the stop is handled and confirmed.

    Raises:
        InvalidToken: Telegram does not know the bot.
    """
    offset: int | None = None
    back_off = 1.0
    while not stopping.is_set():
        try:
            updates = await _fetch(application.bot, offset, stopping)
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("no updates: %s; trying again in %.0f s", _explain(error), back_off)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _pause(error, back_off))
            back_off = min(back_off * 2, LONGEST_BACK_OFF)
            continue
        back_off = 1.0
        if updates:
            await _handle(application, updates)
            offset = updates[-1].update_id + 1
    if offset is not None:
        with suppress(TelegramError):  # what is not confirmed comes again, and counts once
            await application.bot.get_updates(offset=offset, timeout=0, limit=1, allowed_updates=WANTED)


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


async def _handle(application: Application[Any, Any, Any, Any, Any, Any], updates: Sequence[Update]) -> None:
    of_chat: dict[int, list[Update]] = defaultdict(list)
    for update in updates:
        of_chat[update.effective_chat.id if update.effective_chat else 0].append(update)

    async def handle_in_order(queue: list[Update]) -> None:
        for update in queue:
            await application.process_update(update)

    await asyncio.gather(*map(handle_in_order, of_chat.values()))


def _pause(error: TelegramError, back_off: float) -> float:
    return pause_asked(error).total_seconds() if isinstance(error, RetryAfter) else back_off


def _explain(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "another program reads this bot's messages with the same token; end it"
    return error.message

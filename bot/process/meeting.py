"""How Telegram is met at the start, however often that takes, and parted from at the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot.chat.application import introduce
from bot.errors import BotError

log = logging.getLogger(__name__)

RECONNECT_SECONDS = 5.0


class UnknownBotError(BotError):
    """Telegram does not know the bot's token."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram does not know this bot: check TELEGRAM_BOT_TOKEN against what @BotFather gave you."
        )


@asynccontextmanager
async def connected(
    application: Application[Any, Any, Any, Any, Any, Any], *, introduces: bool = True
) -> AsyncIterator[None]:
    """Meet Telegram and tell it who we are; one who only sends need not tell that again.

    Raises:
        UnknownBotError: It does not know the token.
    """
    while True:
        try:
            await application.initialize()
            if introduces:
                await introduce(application)
            break
        except InvalidToken as error:
            raise UnknownBotError from error
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%s); trying again", error.message)
            await asyncio.sleep(RECONNECT_SECONDS)
    try:
        yield
    finally:
        await application.shutdown()

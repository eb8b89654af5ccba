"""The chat side as python-telegram-bot runs it: the handlers' table of contents."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from telegram import BotCommand, Chat, Update
from telegram.error import TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.chat.desk import message_of
from bot.chat.library import Library
from bot.chat.preferences import Preferences
from bot.chat.reception import Reception
from bot.chat.thumbs import Thumbs
from bot.chat.today import Today
from bot.messages import wording

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TelegramAccess:
    """Which bot this is, and where Telegram answers: the real one, or a stand-in."""

    token: str
    api_url: str


@dataclass(frozen=True, slots=True)
class Handlers:
    """Everything that answers in a chat."""

    reception: Reception
    today: Today
    thumbs: Thumbs
    preferences: Preferences
    library: Library


def build_application(access: TelegramAccess) -> Application[Any, Any, Any, Any, Any, Any]:
    """Build the application without an updater: updates.py feeds it."""
    return (
        ApplicationBuilder()
        .token(access.token)
        .base_url(f"{access.api_url}/bot")
        .base_file_url(f"{access.api_url}/file/bot")
        .request(HTTPXRequest(connection_pool_size=32))
        .rate_limiter(AIORateLimiter())
        .updater(None)
        .build()
    )


def register(application: Application[Any, Any, Any, Any, Any, Any], handlers: Handlers) -> None:
    """Say who answers what."""
    reception, preferences = handlers.reception, handlers.preferences

    async def other_text(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        is_private = message_of(update).chat.type == Chat.PRIVATE
        if not await preferences.answer(update, context) and is_private:
            await reception.not_understood(update, context)

    commands = {
        "start": reception.start,
        "today": handlers.today.command,
        "settings": preferences.command,
        "liked": handlers.library.liked,
        "pause": reception.pause,
        "resume": reception.resume,
        "privacy": reception.privacy,
        "help": reception.help,
    }
    fresh = filters.UpdateType.MESSAGE
    for name, answer in commands.items():
        application.add_handler(CommandHandler(name, answer, filters=fresh))
    application.add_handler(CallbackQueryHandler(preferences.press, pattern=r"^set:"))
    application.add_handler(CallbackQueryHandler(handlers.thumbs.press))
    application.add_handler(ChatMemberHandler(reception.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, reception.moved))
    application.add_handler(MessageHandler(fresh & filters.TEXT, other_text))
    application.add_error_handler(apologise)


async def introduce(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tell Telegram that we ask for updates, which commands there are, and what stands before Start."""
    await application.bot.delete_webhook()  # one that stands refuses every getUpdates
    await application.bot.set_my_commands([BotCommand(name, what) for name, what in wording.COMMANDS])
    await application.bot.set_my_description(wording.DESCRIPTION)
    await application.bot.set_my_short_description(wording.SHORT_DESCRIPTION)


async def apologise(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what a handler could not do, and tell the reader that it was noted."""
    log.error("an update could not be handled", exc_info=context.error)
    if not isinstance(update, Update) or isinstance(context.error, TelegramError):
        return  # where Telegram itself refuses, saying more does not help
    if update.callback_query:
        await update.callback_query.answer(wording.FAILED[:200])
    elif update.message:
        await update.message.reply_text(wording.FAILED)

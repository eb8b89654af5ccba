"""What becomes of an update that a handler could not carry out, and what whoever waits for it is told."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ContextTypes

from bot.messages.introduction import say_delayed, say_sorry
from bot.messages.language import Language, speak
from storage.errors import StorageError

log = logging.getLogger(__name__)


class Handled(Application[Any, Any, Any, Any, Any, Any]):
    """The handlers at work. What fails because of the database is raised, for it is tried again."""

    __slots__ = ()

    async def process_error(
        self, update: object | None, error: Exception, job: Any = None, coroutine: Any = None
    ) -> bool:
        """Raise what will be tried again, and tell the error handlers of all else.

        Returns:
            Always True: whom a check could not be made of, nobody behind it hears.

        Raises:
            StorageError: The database failed, not the handler.
        """
        if isinstance(error, StorageError):
            raise error
        await super().process_error(update, error, job, coroutine)
        return True


async def apologise(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what a handler could not do, and tell the reader that it was noted."""
    if isinstance(context.error, TelegramError):  # where Telegram itself refuses, saying more does not help
        log.warning("Telegram did not take an answer: %s", context.error.message)
        return
    log.error("an update could not be handled", exc_info=context.error)
    if isinstance(update, Update):
        await _tell(update, say_sorry(_language_of(update)))


async def excuse(update: Update) -> None:
    """Tell whoever waits for an answer that it will be late."""
    try:
        await _tell(update, say_delayed(_language_of(update)))
    except TelegramError as error:
        log.warning("Telegram did not take an excuse: %s", error.message)


def _language_of(update: Update) -> Language:
    """Take the language of the person's client: the chat's own stands in the database, the possible fault."""
    person = update.effective_user
    return speak(person.language_code if person else None)


async def _tell(update: Update, said: str) -> None:
    if update.callback_query:
        await update.callback_query.answer(said)
    elif update.message:
        await update.message.reply_text(said)

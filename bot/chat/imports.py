"""/import: files that a reader brings, whatever they are asked for at the moment."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from telegram import Chat, Document, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, is_meant_for_us, message_of, reply
from bot.chat.permission import is_permitted
from bot.formats.collection import LARGEST_FILE, Collection, Obstacle, UnreadableCollectionError
from bot.formats.importing import Owner, take_in
from bot.formats.reading import read_collection
from bot.messages.language import Language
from bot.messages.settings import is_in_setup
from bot.messages.transfer import explain_import, report_import, say_not_fetched, say_obstacle

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Imports:
    """Takes files in: in a private chat any, in a group those with which its administrators answer."""

    desk: Desk

    async def command(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Tell which files may be sent."""
        message, language = message_of(update), await self.desk.spoken_in(update)
        await reply(message, explain_import(language, is_group=message.chat.type != Chat.PRIVATE))

    async def take(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take a file in and tell what came of it, or why it cannot be read."""
        message, document = message_of(update), message_of(update).document
        if document is None or not is_meant_for_us(message) or not await is_permitted(self.desk, update):
            return
        language = await self.desk.spoken_in(update)
        await message.reply_chat_action(ChatAction.TYPING)
        try:
            brought = await _read(document)
        except UnreadableCollectionError as error:
            await reply(message, say_obstacle(language, error.obstacle))
        except TelegramError as error:
            log.warning("a file could not be fetched: %s", error.message)
            await reply(message, say_not_fetched(language))
        else:
            await self._keep(update, brought, language)

    async def _keep(self, update: Update, brought: Collection, language: Language) -> None:
        """Keep what a file brought, all of it or nothing."""
        message, person = message_of(update), update.effective_user
        async with self.desk.database.writing() as session:
            reader = await self.desk.reader_of(session, message.chat, person)
            owner = Owner(message.chat.id, person.id if person else 0)
            taken = await take_in(session, owner, brought, self.desk.clock())
        await reply(message, *report_import(language, brought, taken, in_setup=is_in_setup(reader)))


async def _read(document: Document) -> Collection:
    """Fetch a file and read it, off the event loop.

    Raises:
        UnreadableCollectionError: It is too large, which is known beforehand, or cannot be read.
        TelegramError: Telegram does not hand it over.
    """
    if (document.file_size or 0) > LARGEST_FILE:
        raise UnreadableCollectionError(Obstacle.TOO_LARGE)
    file = await document.get_file()
    if (file.file_size or 0) > LARGEST_FILE:  # told only now, and a Bot API server of one's own gives 2 GB
        raise UnreadableCollectionError(Obstacle.TOO_LARGE)
    body = await file.download_as_bytearray()
    return await asyncio.to_thread(read_collection, bytes(body), document.file_name or "")

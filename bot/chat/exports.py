"""/export: all that a chat told, as a file to take along."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.constants import ChatAction, ParseMode
from telegram.ext import ContextTypes, ExtBot

from bot.chat.desk import Desk, Press, message_of, press_of, reply
from bot.chat.permission import is_permitted
from bot.formats.bibtex_writing import write_bibtex
from bot.formats.collection import Collection
from bot.formats.csv_writing import write_csv
from bot.formats.exporting import gather_all
from bot.formats.json_writing import write_json
from bot.messages.feedback import say_unknown_button
from bot.messages.transfer import ask_format, caption_export, say_nothing_to_export

_WRITERS: Mapping[str, Callable[[Collection], bytes]] = {
    "json": write_json,
    "bib": write_bibtex,
    "csv": write_csv,
}


@dataclass(frozen=True, slots=True)
class Exports:
    """Hands out what a chat told, in a group to its administrators alone."""

    desk: Desk

    async def command(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask in which format to export."""
        if await is_permitted(self.desk, update):
            await reply(message_of(update), *ask_format(await self.desk.spoken_in(update)))

    async def press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Send all that the chat told, in the format that was pressed."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        ending = pressed.data.removeprefix("data:export:")
        if ending not in _WRITERS:
            await pressed.answer(say_unknown_button(language))
            return
        if not await is_permitted(self.desk, update):
            return
        async with self.desk.database.reading() as session:
            told = await gather_all(session, pressed.chat.id)
        has_all = ending == "json"
        if not (told.entries or (has_all and (told.interests or told.rules))):
            await pressed.answer(say_nothing_to_export(language))
            return
        await pressed.answer()
        await self._send(context.bot, pressed, told, ending, caption_export(language, told, has_all=has_all))

    async def _send(
        self, bot: ExtBot[Any], pressed: Press, told: Collection, ending: str, caption: str
    ) -> None:
        chat_id, topic = pressed.chat.id, pressed.topic
        await bot.send_chat_action(chat_id, ChatAction.UPLOAD_DOCUMENT, message_thread_id=topic)
        await bot.send_document(
            chat_id,
            await asyncio.to_thread(_WRITERS[ending], told),
            caption=caption,
            parse_mode=ParseMode.HTML,
            filename=f"paperboy-{self.desk.clock():%Y-%m-%d}.{ending}",
            message_thread_id=topic,
        )

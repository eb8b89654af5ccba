"""/liked, /saved, /history and /trending: lists of papers, a page at a time, turned in place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Update
from telegram.ext import ContextTypes

from bot.chat import lists
from bot.chat.desk import Desk, message_of, press_of, reply
from bot.messages.digest import Message
from bot.messages.feedback import say_unknown_button
from bot.messages.language import Language
from bot.messages.listing import read_turn

_LISTS: dict[str, lists.Lister] = {
    lists.LIKED: lists.list_liked,
    lists.SAVED: lists.list_saved,
    lists.HISTORY: lists.list_history,
    lists.DAY: lists.list_day,
    lists.WEEK: lists.list_week,
}


@dataclass(frozen=True, slots=True)
class Library:
    """Shows a chat's lists. In a group they are the group's."""

    desk: Desk

    async def liked(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show what is liked."""
        await self._open(update, lists.LIKED)

    async def saved(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show what is saved."""
        await self._open(update, lists.SAVED)

    async def history(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show what was brought."""
        await self._open(update, lists.HISTORY)

    async def trending(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show what everyone reads."""
        await self._open(update, lists.DAY)

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Turn to a page."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        turn = read_turn(pressed.data)
        if turn is None or turn[0] not in _LISTS:
            await pressed.answer(say_unknown_button(language))
            return
        shown = await self._show(language, pressed.chat.id, *turn)
        await asyncio.gather(pressed.answer(), pressed.edit_text(shown.html, shown.keyboard))

    async def _open(self, update: Update, book: str) -> None:
        message, language = message_of(update), await self.desk.spoken_in(update)
        shown = await self._show(language, message.chat.id, book, 1)
        await reply(message, shown.html, shown.keyboard)

    async def _show(self, language: Language, chat_id: int, book: str, page: int) -> Message:
        async with self.desk.database.reading() as session:
            return await _LISTS[book](session, language, chat_id, page)

"""/reset and /forget: a taste, or all that is known of a chat, is deleted; never without asking."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Chat, Update
from telegram.ext import ContextTypes

from bot.chat.asking import await_answer
from bot.chat.desk import Desk, message_of, press_of, reply
from bot.chat.permission import is_permitted
from bot.messages.farewell import (
    OPEN_FOR,
    ask_forget,
    ask_reset,
    say_closed,
    say_forgotten,
    say_kept,
    say_nothing_to_reset,
    say_reset,
)
from bot.messages.language import Language
from storage import interests, readers, votes
from storage.forgetting import forget_chat, forget_taste

Deed: TypeAlias = Callable[[AsyncSession, int], Awaitable[None]]
_PRESS = re.compile(r"data:(?P<keep>keep:)?(?P<asked>(?P<what>reset|forget):(?P<moment>\d{1,12}))", re.ASCII)
_DEEDS: Mapping[str, tuple[Deed, Callable[[Language], str]]] = {
    "reset": (forget_taste, say_reset),
    "forget": (forget_chat, say_forgotten),
}


@dataclass(frozen=True, slots=True)
class Farewell:
    """Asks and deletes. In a group its administrators alone may.

    The question that is open, with the moment it was put, stands in `Reader.asking`: a button of any other
    question deletes nothing, nor does the same one again.
    """

    desk: Desk

    async def reset(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask whether to forget the taste."""
        if not await is_permitted(self.desk, update):
            return
        message, language = message_of(update), await self.desk.spoken_in(update)
        async with self.desk.database.reading() as session:
            cast = len(await votes.of_chat(session, message.chat.id))
            stated = await interests.count(session, message.chat.id)
        if cast or stated:
            await reply(message, *ask_reset(language, cast, stated, await self._open(update, "reset")))
        else:
            await reply(message, say_nothing_to_reset(language))

    async def forget(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask whether to forget the whole chat."""
        if not await is_permitted(self.desk, update):
            return
        message, language = message_of(update), await self.desk.spoken_in(update)
        asked, is_group = await self._open(update, "forget"), message.chat.type != Chat.PRIVATE
        await reply(message, *ask_forget(language, asked, is_group=is_group))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Delete what the question was about, or keep it, if it is the one that is open."""
        if not await is_permitted(self.desk, update):
            return
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        read = _PRESS.fullmatch(pressed.data)
        if read is None or not await self._close(pressed.chat.id, read):
            await pressed.answer(say_closed(language))
        else:
            say = say_kept if read["keep"] else _DEEDS[read["what"]][1]
            await asyncio.gather(pressed.answer(), pressed.edit_text(say(language), None))

    async def _open(self, update: Update, what: str) -> str:
        """Note down a question as the one that is open."""
        asked = f"{what}:{_seconds(self.desk.clock())}"
        await await_answer(self.desk, message_of(update).chat, update.effective_user, asked)
        return asked

    async def _close(self, chat_id: int, read: re.Match[str]) -> bool:
        """Close a question and do what was answered, in one transaction; tell whether it was still open."""
        age = _seconds(self.desk.clock()) - int(read["moment"])
        async with self.desk.database.writing() as session:
            reader = await readers.get(session, chat_id)
            if reader is None or reader.asking != read["asked"] or age > OPEN_FOR.total_seconds():
                return False
            await readers.save(session, replace(reader, asking=None))
            if not read["keep"]:
                await _DEEDS[read["what"]][0](session, chat_id)
        return True


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())

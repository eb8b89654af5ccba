"""/start: one question about what is liked, which can be answered in many ways or not at all, then settings.

The question is the newcomer's; what they answer it with, `interests`, `tasting` and `transfer` take.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Chat, Message, Update
from telegram.ext import ContextTypes

from bot.chat.asking import await_answer
from bot.chat.desk import Desk, Press, message_of, press_of, reply
from bot.chat.interests import INTERESTS
from bot.chat.permission import is_permitted
from bot.chat.preferences import CITY, HOUR, Preferences
from bot.chat.tasting import Tasting
from bot.messages.feedback import say_unknown_button
from bot.messages.language import Language
from bot.messages.onboarding import ask_interests, greet, say_done, say_too_old
from bot.messages.settings import View, is_in_setup, next_step
from bot.messages.transfer import explain_import
from storage import readers
from storage.readers import Reader


@dataclass(frozen=True, slots=True)
class Onboarding:
    """Handles /start, the one question, and the way on from there."""

    desk: Desk
    preferences: Preferences
    tasting: Tasting

    async def start(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Subscribe the chat, or bring it back; ask a newcomer what is liked, then what is not known yet."""
        if not await is_permitted(self.desk, update):
            return
        message = message_of(update)
        async with self.desk.database.writing() as session:
            reader = await self.desk.subscribe(session, message.chat, update.effective_user)
        is_met = next_step(reader) is not View.HOUR  # who told an hour was asked what they like before
        language = await self.desk.spoken_in(update)
        await reply(message, greet(language, is_back=is_met))
        await self.preferences.come_here(update, message)
        if is_met or message.chat.type == Chat.CHANNEL:  # nobody can answer in a channel, nor vote by name
            await self.preferences.show(update, message, next_step(reader))
        else:
            await await_answer(self.desk, message.chat, update.effective_user, INTERESTS)
            await reply(message, *ask_interests(language, is_group=message.chat.type != Chat.PRIVATE))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out a press on a button of the question, or of what it was answered with."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        match pressed.data.removeprefix("start:step:"):
            case "cards":
                await asyncio.gather(pressed.answer(), self.tasting.begin(update))
            case "file":
                said = explain_import(language, is_group=pressed.chat.type != Chat.PRIVATE)
                await asyncio.gather(pressed.answer(), pressed.say(said))
            case "on":
                await self._go_on(update, pressed, language)
            case _:
                await pressed.answer(say_unknown_button(language))

    async def _go_on(self, update: Update, pressed: Press, language: Language) -> None:
        """Leave the question for the settings that are not known yet; once, however often it is pressed."""
        message = pressed.query.message
        if not await is_permitted(self.desk, update):
            return
        async with self.desk.database.reading() as session:
            reader = await readers.get(session, pressed.chat.id)
        if reader is None or not isinstance(message, Message):
            await pressed.answer(say_too_old(language))
        elif _is_past(reader):
            await asyncio.gather(pressed.answer(say_done(language)), pressed.edit_buttons(None))
        else:
            await asyncio.gather(pressed.answer(), pressed.edit_buttons(None))
            await self.preferences.show(update, message, next_step(reader))


def _is_past(reader: Reader) -> bool:
    """Tell whether a reader is asked for a setting already, or has said all."""
    return reader.asking in {HOUR, CITY} or not is_in_setup(reader)

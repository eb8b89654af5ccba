"""Notes on saved papers: asked for by a button, taken from the next text."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Update

from bot.chat.asking import await_answer, await_nothing
from bot.chat.desk import Desk, message_of, reply
from bot.chat.pressed_paper import PressedPaper
from bot.messages.card import MAX_NOTE
from bot.messages.markup import text
from bot.messages.noting import NO_NOTE, ask_note, say_long_note, say_not_saved, say_noted
from bot.messages.paper_buttons import open_button
from storage import aliases, saved

NOTE = "note"  # what Reader.asking begins with while a note is awaited; the paper's id follows


@dataclass(frozen=True, slots=True)
class Notes:
    """Asks for notes and keeps them."""

    desk: Desk

    async def ask(self, pressed: PressedPaper) -> None:
        """Ask for a note on a paper, which must be saved."""
        async with self.desk.database.reading() as session:
            kept = await saved.get(session, pressed.by.chat_id, pressed.paper_id)
        if kept is None:
            await pressed.press.answer(say_not_saved(pressed.language))
            return
        person = pressed.press.query.from_user
        await await_answer(self.desk, pressed.press.chat, person, f"{NOTE}:{pressed.paper_id}")
        asked = ask_note(pressed.language, pressed.paper, shared=pressed.is_shared)
        await asyncio.gather(pressed.press.answer(), pressed.press.say(asked.html))

    async def take(self, update: Update, written: str, about: str) -> None:
        """Take a text as the note that was asked for; one that is too long is asked for again."""
        message, language = message_of(update), await self.desk.spoken_in(update)
        note = written.strip()
        if len(note) > MAX_NOTE:
            await reply(message, text(say_long_note(language, len(note))).html)
            return
        kept = None if note == NO_NOTE else note
        async with self.desk.database.writing() as session:
            await await_nothing(self.desk, session, message.chat, message.from_user)
            paper_id = await aliases.current(session, int(about))
            is_saved = await saved.annotate(session, message.chat.id, paper_id, kept)
        if is_saved:
            await reply(message, text(say_noted(language, kept)).html, open_button(language, paper_id))
        else:
            await reply(message, text(say_not_saved(language)).html)

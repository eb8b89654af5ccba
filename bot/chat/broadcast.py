"""/admin broadcast: a notice to all readers, asked for, shown as they will see it, and sent once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from telegram import Message

from bot.chat.asking import await_answer, await_nothing
from bot.chat.desk import Desk, Press, reply
from bot.messages.broadcast import (
    ask_notice,
    confirm_notice,
    say_long_notice,
    say_notice_settled,
    tell_notice_dropped,
    tell_notice_sent,
)
from bot.messages.digest import MAX_MESSAGE, render_notice
from bot.messages.language import Language
from bot.messages.markup import text, utf16_length
from storage import ledger, notices, readers
from storage.readers import ReaderState

BROADCAST = "broadcast"  # what Reader.asking says while the text of a notice is awaited


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Brings a notice on its way; whoever calls it knows that the owner asks. The ledger delivers it."""

    desk: Desk

    async def ask(self, message: Message, language: Language) -> None:
        """Ask for the text."""
        await await_answer(self.desk, message.chat, message.from_user, BROADCAST)
        told = ask_notice(language)
        await reply(message, told.html, told.keyboard)

    async def take(self, message: Message, language: Language, written: str) -> None:
        """Keep a text as a draft, show it as readers will see it, and ask whether to send it."""
        if utf16_length(written) > MAX_MESSAGE:
            await reply(message, text(say_long_notice(language)).html)
            return
        async with self.desk.database.writing() as session:
            await await_nothing(self.desk, session, message.chat, message.from_user)
            notice_id = await notices.draft(session, written, self.desk.clock())
            count = (await readers.count(session))[ReaderState.ACTIVE]
        await reply(message, render_notice(written).html)
        asked = confirm_notice(language, notice_id, count)
        await reply(message, asked.html, asked.keyboard)

    async def send(self, pressed: Press, language: Language, notice_id: int) -> None:
        """Promise a draft to every active reader, the first time that this is asked for."""
        now = self.desk.clock()
        async with self.desk.database.writing() as session:
            is_first = await notices.release(session, notice_id, now)
            count = await ledger.plan_notice(session, notice_id, now) if is_first else 0
        if not is_first:
            await pressed.answer(say_notice_settled(language))
            return
        await asyncio.gather(
            pressed.answer(), pressed.edit_text(tell_notice_sent(language, count).html, None)
        )

    async def cancel(self, pressed: Press, language: Language, notice_id: int) -> None:
        """Throw a draft away."""
        async with self.desk.database.writing() as session:
            was_there = await notices.discard(session, notice_id)
        if not was_there:
            await pressed.answer(say_notice_settled(language))
            return
        await asyncio.gather(pressed.answer(), pressed.edit_text(tell_notice_dropped(language).html, None))

    async def quit(self, pressed: Press, language: Language) -> None:
        """Wait for no text any more."""
        await await_answer(self.desk, pressed.chat, pressed.query.from_user, None)
        await asyncio.gather(pressed.answer(), pressed.edit_text(tell_notice_dropped(language).html, None))

"""Coming and going: /help, /privacy, /pause, /resume."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Update
from telegram.ext import ContextTypes

from bot.chat.commanded import command_of
from bot.chat.desk import Desk, message_of, press_of, reply
from bot.chat.permission import is_permitted
from bot.chat.preferences import Preferences
from bot.messages.feedback import say_unknown_button
from bot.messages.introduction import (
    say_not_understood,
    say_paused,
    say_resumed,
    say_unknown_command,
    write_help,
    write_privacy,
)
from bot.messages.settings import next_step
from bot.planning import reschedule
from storage import ledger, readers
from storage.readers import ReaderState


@dataclass(frozen=True, slots=True)
class Reception:
    """Answers what has no other home; who comes in is met by `onboarding`."""

    desk: Desk
    preferences: Preferences

    async def help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Tell what the bot can do."""
        await reply(message_of(update), write_help(await self.desk.spoken_in(update)).html)

    async def privacy(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Tell what is kept."""
        await reply(message_of(update), write_privacy(await self.desk.spoken_in(update)).html)

    async def pause(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Stop the daily digest."""
        if await self._become(update, ReaderState.PAUSED):
            await reply(message_of(update), say_paused(await self.desk.spoken_in(update)))

    async def resume(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take the daily digest up again."""
        message = message_of(update)
        async with self.desk.database.reading() as session:
            before = await readers.get(session, message.chat.id)
        if reader := await self._become(update, ReaderState.ACTIVE):
            was_paused = before is not None and before.state is ReaderState.PAUSED
            await reply(message, say_resumed(await self.desk.spoken_in(update), was_paused=was_paused))
            await self.preferences.show(update, message, next_step(reader))

    async def not_understood(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Point to the commands, of one that is mistyped to the one that was probably meant."""
        message, language = message_of(update), await self.desk.spoken_in(update)
        command = command_of(message)
        said = say_unknown_command(language, command) if command else say_not_understood(language)
        await reply(message, said)

    async def unknown_button(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a press on a button that nobody knows, as one of a message that was forged."""
        await press_of(update).answer(say_unknown_button(await self.desk.spoken_in(update)))

    async def _become(self, update: Update, state: ReaderState) -> readers.Reader | None:
        """Put a reader into a state; None, and a word why, where the person may not."""
        message = message_of(update)
        if not await is_permitted(self.desk, update):
            return None
        async with self.desk.database.writing() as session:
            reader = await self.desk.reader_of(session, message.chat, update.effective_user)
            last_day = await ledger.last_day(session, reader.chat_id)
            changed = reschedule(replace(reader, state=state), self.desk.clock(), last_day)
            await readers.save(session, changed)
        return changed

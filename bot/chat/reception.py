"""Coming and going: /start, /help, /privacy, /pause, /resume, blocked, moved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import ChatMember, Update
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, kind_of, message_of, reply
from bot.chat.preferences import Preferences, next_step
from bot.messages import wording
from bot.planning import reschedule
from storage import ledger, readers
from storage.readers import ReaderState

_AWAY = {ChatMember.LEFT, ChatMember.BANNED}


@dataclass(frozen=True, slots=True)
class Reception:
    """Handles who subscribes and who leaves."""

    desk: Desk
    preferences: Preferences

    async def start(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Subscribe the chat, or bring it back, and ask for what is not known yet."""
        message, now = message_of(update), self.desk.clock()
        async with self.desk.database.writing() as session:
            reader, is_new = await readers.subscribe(session, message.chat.id, kind_of(message.chat), now)
            last_day = await ledger.last_day(session, reader.chat_id)
            await readers.save(session, reader := reschedule(reader, now, last_day))
        is_met = not is_new and reader.hour is not None
        await reply(message, wording.WELCOME_BACK if is_met else wording.WELCOME)
        await self.preferences.show(message, next_step(reader))

    async def help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Tell what the bot can do."""
        await reply(message_of(update), wording.help_text())

    async def privacy(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Tell what is kept."""
        await reply(message_of(update), wording.PRIVACY)

    async def pause(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Stop the daily digest."""
        await self._become(update, ReaderState.PAUSED)
        await reply(message_of(update), wording.PAUSED)

    async def resume(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take the daily digest up again."""
        message = message_of(update)
        async with self.desk.database.reading() as session:
            before = await readers.get(session, message.chat.id)
        reader = await self._become(update, ReaderState.ACTIVE)
        was_paused = before is not None and before.state is ReaderState.PAUSED
        await reply(message, wording.RESUMED if was_paused else wording.NOT_PAUSED)
        await self.preferences.show(message, next_step(reader))

    async def not_understood(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Point to the commands."""
        await reply(message_of(update), wording.NOT_UNDERSTOOD)

    async def membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Stop writing to a chat that blocked the bot or sent it away; /start brings it back."""
        change = update.my_chat_member
        if change is None or change.new_chat_member.status not in _AWAY:
            return
        async with self.desk.database.writing() as session:
            reader = await readers.get(session, change.chat.id)
            if reader:
                away = replace(reader, state=ReaderState.BLOCKED, next_due_at=None)
                await readers.save(session, away)

    async def moved(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Follow a group that became a supergroup."""
        message = message_of(update)
        if message.migrate_to_chat_id is None:
            return
        async with self.desk.database.writing() as session:
            if await readers.get(session, message.chat.id):
                await readers.move(session, message.chat.id, message.migrate_to_chat_id)

    async def _become(self, update: Update, state: ReaderState) -> readers.Reader:
        async with self.desk.database.writing() as session:
            reader = await self.desk.reader_of(session, message_of(update).chat)
            last_day = await ledger.last_day(session, reader.chat_id)
            changed = reschedule(replace(reader, state=state), self.desk.clock(), last_day)
            await readers.save(session, changed)
        return changed

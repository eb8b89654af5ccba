"""Where the bot is taken in and sent away: groups, channels, and private chats that block it.

Owns what becomes of a chat's reader then. How a chat is set up is the settings' affair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Bot, ChatMember, ChatMemberUpdated, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, kind_of, message_of
from bot.delivering.delivery import NO_PREVIEW
from bot.messages.groups import greet_group, greet_group_again, tell_channel_set_up
from bot.messages.language import speak
from bot.messages.markup import Fragment
from storage import readers
from storage.readers import Reader, ReaderState

AWAY = {ChatMember.LEFT, ChatMember.BANNED}
_REACHABLE = {ReaderState.ACTIVE, ReaderState.PAUSED}


@dataclass(frozen=True, slots=True)
class Groups:
    """Follows how the bot stands in chats."""

    desk: Desk

    async def membership(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Write no more to a chat that sent the bot away; greet a group or channel that takes it in."""
        change = update.my_chat_member
        if change is None:
            return
        if change.new_chat_member.status in AWAY:
            await self._leave(change.chat.id)
        elif kind_of(change.chat) != "private":
            await self._enter(change)

    async def moved(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Follow a group that became a supergroup, whichever of the two chats tells of it first."""
        message = message_of(update)
        old = message.migrate_from_chat_id or message.chat.id
        new = message.migrate_to_chat_id or message.chat.id
        async with self.desk.database.writing() as session:
            if await readers.get(session, old):
                await readers.move(session, old, new)

    async def _leave(self, chat_id: int) -> None:
        async with self.desk.database.writing() as session:
            reader = await readers.get(session, chat_id)
            if reader:
                away = replace(reader, state=ReaderState.BLOCKED, next_due_at=None)
                await readers.save(session, away)

    async def _enter(self, change: ChatMemberUpdated) -> None:
        """Make a reader of the chat, or bring its reader back; one that is here already is not greeted."""
        async with self.desk.database.writing() as session:
            before = await readers.get(session, change.chat.id)
            if before and before.state in _REACHABLE:
                return
            reader = await self.desk.reader_of(session, change.chat, change.from_user)
        await self._greet(change, reader, is_known=before is not None)

    async def _greet(self, change: ChatMemberUpdated, reader: Reader, *, is_known: bool) -> None:
        language, bot = speak(reader.language), change.get_bot()
        if reader.kind == "channel":
            # What is posted in a channel all its audience reads.
            told = tell_channel_set_up(language, change.chat.title or "")
            await _try_to_send(bot, change.from_user.id, told)
        else:
            told = greet_group_again(language) if is_known else greet_group(language)
            await _try_to_send(bot, reader.chat_id, told)


async def _try_to_send(bot: Bot, chat_id: int, told: Fragment) -> None:
    """Send what is no more than kind: to a person who never wrote to the bot it cannot be sent."""
    try:
        await bot.send_message(chat_id, told.html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW)
    except (BadRequest, Forbidden):
        return

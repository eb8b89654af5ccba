"""The gate of a bot that lets in only whom its owner invited: nothing behind it hears of anybody else.

It stands before all handlers, so that none can forget it. Of whom it sends away nothing is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from telegram import Chat, Message, Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.chat.commanded import command_of
from bot.chat.desk import Desk, press_of, reply
from bot.chat.groups import AWAY
from bot.messages.invites import say_invited_only
from bot.messages.language import speak
from bot.messages.markup import text
from storage import invites, readers


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets in the owner, chats that are readers, whom a code lets in, and where one of them adds the bot."""

    desk: Desk
    admin_ids: Collection[int]
    invited_only: bool

    async def check(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Pass an update on, or end its way here.

        Raises:
            ApplicationHandlerStop: The chat is not let in.
        """
        if self.invited_only and not await self._is_let_in(update):
            await _send_away(update)
            raise ApplicationHandlerStop

    async def _is_let_in(self, update: Update) -> bool:
        chat, person = update.effective_chat, update.effective_user
        if chat is None:
            return True  # such an update is about no chat, and no handler waits for one
        if person and person.id in self.admin_ids:
            return True
        async with self.desk.database.reading() as session:
            if await readers.get(session, chat.id):
                return True
            if _is_taken_in(update) and person and await readers.get(session, person.id):
                return True
        code = _read_code(update.effective_message)
        return code is not None and await self._use(update, chat, code)

    async def _use(self, update: Update, chat: Chat, code: str) -> bool:
        """Use a code and make a reader of the chat in one, so that a crash in between uses up none."""
        async with self.desk.database.writing() as session:
            is_good = await invites.use(session, code)
            if is_good:
                await self.desk.reader_of(session, chat, update.effective_user)
        return is_good


async def _send_away(update: Update) -> None:
    """Say one kind sentence to whoever spoke to the bot; talk of a group is not for it."""
    person, message = update.effective_user, update.message or update.channel_post
    said = say_invited_only(speak(person.language_code if person else None))
    if update.callback_query and update.callback_query.message:
        await press_of(update).answer(said)
    elif message and (message.chat.type == Chat.PRIVATE or command_of(message)):
        await reply(message, text(said).html)


def _is_taken_in(update: Update) -> bool:
    change = update.my_chat_member
    return change is not None and change.new_chat_member.status not in AWAY


def _read_code(message: Message | None) -> str | None:
    """Read the code behind /start, as a link of an invitation sends it."""
    if message is None or command_of(message) != "start":
        return None
    return next(iter((message.text or "").split()[1:]), None)

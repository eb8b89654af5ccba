"""What every handler works with: the database, the clock, and the reader who is speaking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    InlineKeyboardMarkup,
    Message,
    TelegramObject,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.chat.redraws import Redraws
from bot.delivering.delivery import NO_PREVIEW
from bot.messages.language import Language, speak
from bot.planning import reschedule
from storage import ledger, readers
from storage.database import Database
from storage.readers import Reader, ReaderState

_KINDS = {Chat.PRIVATE: "private", Chat.GROUP: "group", Chat.SUPERGROUP: "group", Chat.CHANNEL: "channel"}


@dataclass(frozen=True, slots=True)
class Desk:
    """The handlers' share of the composition root."""

    database: Database
    clock: Callable[[], datetime]
    redraws: Redraws = field(default_factory=Redraws)

    async def reader_of(self, session: AsyncSession, chat: Chat, person: User | None = None) -> Reader:
        """Find the chat's reader; whoever speaks to the bot is one, and reachable.

        A new one is spoken to in the language of the person's client, until they choose another.
        """
        reader = await readers.get(session, chat.id)
        if reader and reader.state in {ReaderState.ACTIVE, ReaderState.PAUSED}:
            return reader
        return await self.subscribe(session, chat, person)

    async def subscribe(self, session: AsyncSession, chat: Chat, person: User | None) -> Reader:
        """Make the chat a reader, reachable and not paused, whatever became of it before."""
        reader, _ = await readers.subscribe(session, chat.id, kind_of(chat), self.clock())
        back = reschedule(reader, self.clock(), await ledger.last_day(session, chat.id))
        back = replace(back, language=back.language or (person.language_code if person else None))
        await readers.save(session, back)
        return back

    async def spoken_in(self, update: Update) -> Language:
        """Tell the language to answer an update in: the chat's own, else that of the person's client."""
        chat, person = update.effective_chat, update.effective_user
        async with self.database.reading() as session:
            reader = await readers.get(session, chat.id) if chat else None
        return spoken_by(reader, person)


def spoken_by(reader: Reader | None, person: User | None) -> Language:
    """Tell the language to speak in: the one that a chat chose, else that of a person's client."""
    return speak((reader and reader.language) or (person and person.language_code))


async def may_configure(update: Update) -> bool:
    """Tell whether the person of an update may change what is the whole chat's.

    In a group its administrators may, also those who stay anonymous; in a channel whoever may post in it,
    and none of its audience, who see the same buttons.
    """
    chat, person, message = update.effective_chat, update.effective_user, update.effective_message
    if chat is None or chat.type == Chat.PRIVATE or update.channel_post:
        return True
    if message and message.sender_chat and message.sender_chat.id == chat.id and not update.callback_query:
        return True
    if person is None:
        return False
    member = await chat.get_member(person.id)
    return member.status in {ChatMember.OWNER, ChatMember.ADMINISTRATOR}


def kind_of(chat: Chat) -> str:
    """Tell a chat's kind in the words of storage."""
    return _KINDS[chat.type]


def message_of(update: Update) -> Message:
    """Take the message that a command came with, or the post of a channel: the filters promise one."""
    message = update.message or update.channel_post
    if message is None:
        raise TypeError("a command handler got an update without a message")
    return message


def topic_of(message: Message) -> int | None:
    """Tell the topic of a forum that a message stands in; None for the general one, and elsewhere."""
    return message.message_thread_id if message.is_topic_message else None


def is_meant_for_us(message: Message) -> bool:
    """Tell whether a message speaks to the bot: in a group only a reply to it does, the rest is talk."""
    answered = message.reply_to_message
    return message.chat.type == Chat.PRIVATE or bool(
        answered and answered.from_user and answered.from_user.id == message.get_bot().id
    )


def press_of(update: Update) -> Press:
    """Take a press and where it happened, which Telegram tells also of messages too old to be read again."""
    query = update.callback_query
    if query is None or query.message is None or query.data is None:
        raise TypeError("a press handler got an update without a press on a message")
    return Press(query, query.message.chat, query.message.message_id, query.data)


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button."""

    query: CallbackQuery
    chat: Chat
    message_id: int
    data: str

    @property
    def topic(self) -> int | None:
        """The topic that it happened in; None also where the message is too old to tell."""
        message = self.query.message
        return topic_of(message) if isinstance(message, Message) else None

    async def answer(self, said: str | None = None) -> None:
        """Answer, so that the button stops spinning; a press too old to be answered is let go."""
        with tolerated("query is too old"):
            await self.query.answer(said)

    async def edit_text(self, html: str, keyboard: InlineKeyboardMarkup | None) -> None:
        """Rewrite the message; one that reads so already, or is gone, is let be."""
        with tolerated("message is not modified", "message to edit not found", "message can't be edited"):
            await _bot_of(self.query).edit_message_text(
                html,
                self.chat.id,
                self.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )

    async def edit_buttons(self, keyboard: InlineKeyboardMarkup | None) -> None:
        """Redraw the buttons, or take them away, likewise."""
        with tolerated("message is not modified", "message to edit not found", "message can't be edited"):
            await _bot_of(self.query).edit_message_reply_markup(
                self.chat.id, self.message_id, reply_markup=keyboard
            )

    async def say(self, html: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Say something in the chat; also in its topic, unless the message is too old to tell that."""
        await _send(_bot_of(self.query), self.chat.id, self.topic, html, keyboard)


async def reply(message: Message, html: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Say something in the chat and the topic of a message; a flood answer is waited out on the spot."""
    await _send(_bot_of(message), message.chat.id, topic_of(message), html, keyboard)


async def _send(
    bot: ExtBot[Any], chat_id: int, topic: int | None, html: str, keyboard: InlineKeyboardMarkup | None
) -> None:
    await bot.send_message(
        chat_id,
        html,
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard,
        link_preview_options=NO_PREVIEW,
        message_thread_id=topic,
    )


def _bot_of(seen: TelegramObject) -> ExtBot[Any]:
    """Take the bot that something came through: python-telegram-bot's own, with its rate limiter."""
    bot = seen.get_bot()
    if not isinstance(bot, ExtBot):
        raise TypeError("an update came through a bot without a rate limiter")
    return bot


@contextmanager
def tolerated(*refusals: str) -> Iterator[None]:
    """Let go of a bad request that Telegram refuses with one of these words."""
    try:
        yield
    except BadRequest as refusal:
        if not any(words in refusal.message.lower() for words in refusals):
            raise

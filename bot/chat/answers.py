"""Texts that are no commands: answers to what the chat was last asked for, which the database remembers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from telegram import Chat, Update
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, is_meant_for_us, message_of
from storage import readers

# Takes an update and its text; what stands behind the colon of `Reader.asking`, if anything, comes third.
Taker: TypeAlias = Callable[..., Awaitable[None]]
Handler: TypeAlias = Callable[[Update, ContextTypes.DEFAULT_TYPE], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answers:
    """Hands each text to whoever asked for it.

    Attributes:
        takers: By the word that `Reader.asking` begins with.
        otherwise: What a text in a private chat meets that nobody asked for.
    """

    desk: Desk
    takers: Mapping[str, Taker]
    otherwise: Handler

    async def take(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Take a text as an answer where one is awaited.

        In a group only a reply to the bot is an answer: the rest is talk among its members.
        """
        message = message_of(update)
        async with self.desk.database.reading() as session:
            reader = await readers.get(session, message.chat.id)
        asking, _, about = ((reader and reader.asking) or "").partition(":")
        written = message.text or ""
        is_answer = bool(written) and not written.startswith("/")  # a mistyped command answers nothing
        if is_answer and asking in self.takers and is_meant_for_us(message):
            await self.takers[asking](update, written, *([about] if about else []))
        elif message.chat.type == Chat.PRIVATE:
            await self.otherwise(update, context)

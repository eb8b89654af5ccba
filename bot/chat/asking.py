"""What a chat is asked for in words: remembered in the database, so that a restart goes on where it was."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Chat, User

from bot.chat.desk import Desk
from storage import readers


async def await_answer(desk: Desk, chat: Chat, person: User | None, asking: str | None) -> None:
    """Remember what the chat's next text is an answer to; None for nothing."""
    async with desk.database.writing() as session:
        reader = await desk.reader_of(session, chat, person)
        await readers.save(session, replace(reader, asking=asking))


async def await_nothing(desk: Desk, session: AsyncSession, chat: Chat, person: User | None) -> None:
    """Forget what was asked for, in the transaction that keeps the answer: a crash loses neither or both."""
    await readers.save(session, replace(await desk.reader_of(session, chat, person), asking=None))

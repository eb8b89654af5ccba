"""Forgetting: a chat's taste, or all that is known of it. What is gone is gone from every table."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox, interests, vectors
from storage.tables import DIGESTS, INTERESTS, READERS, RULES, SAVED, VOTES


async def forget_taste(session: AsyncSession, chat_id: int) -> None:
    """Remove a chat's votes and interests. What was sent, saved and ruled stays."""
    await _forget_meanings(session, chat_id)
    for table in (VOTES, INTERESTS):
        await session.execute(delete(table).where(table.c.chat_id == chat_id))


async def forget_chat(session: AsyncSession, chat_id: int) -> None:
    """Remove all that is known of a chat, and the votes that its person cast in groups.

    A person's private chat has the person's own id.
    """
    await _forget_meanings(session, chat_id)
    for table in (VOTES, INTERESTS, SAVED, RULES, DIGESTS, READERS):
        await session.execute(delete(table).where(table.c.chat_id == chat_id))
    in_groups = VOTES.c.person_id != VOTES.c.chat_id  # as their index says
    await session.execute(delete(VOTES).where(VOTES.c.person_id == chat_id, in_groups))
    await inbox.forget_chat(session, chat_id)


async def _forget_meanings(session: AsyncSession, chat_id: int) -> None:
    """Remove what a model made of the interests; a text that someone else gave too is read anew for them."""
    contents = [interest.content for interest in await interests.of_chat(session, chat_id)]
    await vectors.forget(session, [vectors.text_key(content) for content in contents])

"""Interests: what a chat stated instead of voting. Nobody else's picks know of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Interest
from storage.batches import batches
from storage.dialects import insert
from storage.handed import Ids, one_of
from storage.tables import INTERESTS


async def put(session: AsyncSession, chat_id: int, stated: Sequence[Interest], now: datetime) -> None:
    """Keep interests in their order; one stated before is replaced and keeps its place."""
    statement = insert(session, INTERESTS)
    new = statement.excluded
    upsert = statement.on_conflict_do_update(
        index_elements=INTERESTS.primary_key,
        set_={"phrase": new.phrase, "wanted": new.wanted, "text": new.text},
    )
    for batch in batches(enumerate(stated)):
        rows = [
            {
                "chat_id": chat_id,
                "id": interest.id,
                "phrase": interest.phrase,
                "wanted": interest.wanted,
                "text": interest.text,
                "at": now + place * timedelta.resolution,
            }
            for place, interest in batch
        ]
        await session.execute(upsert, rows)


async def of_chat(session: AsyncSession, chat_id: int) -> list[Interest]:
    """Read all interests of a chat, in the order stated."""
    rows = await session.execute(
        _INTERESTS.where(INTERESTS.c.chat_id == chat_id).order_by(INTERESTS.c.at, INTERESTS.c.id)
    )
    return [Interest(*row) for row in rows]


async def of_chats(session: AsyncSession, chat_ids: Ids) -> dict[int, list[Interest]]:
    """Read all interests of many chats, each chat's in the order stated. Chats without any are left out."""
    rows = await session.execute(
        _INTERESTS.add_columns(INTERESTS.c.chat_id)
        .where(one_of(session, INTERESTS.c.chat_id, chat_ids))
        .order_by(INTERESTS.c.chat_id, INTERESTS.c.at, INTERESTS.c.id)
    )
    return {
        chat_id: [Interest(*row[:-1]) for row in stated] for chat_id, stated in groupby(rows, itemgetter(-1))
    }


async def get(session: AsyncSession, chat_id: int, interest_ids: Iterable[int]) -> dict[int, Interest]:
    """Read interests of a chat by id. Unknown ids are left out."""
    found: dict[int, Interest] = {}
    for batch in batches(interest_ids):
        rows = await session.execute(
            _INTERESTS.where(INTERESTS.c.chat_id == chat_id, INTERESTS.c.id.in_(batch))
        )
        found |= {row.id: Interest(*row) for row in rows}
    return found


async def count(session: AsyncSession, chat_id: int) -> int:
    """Count the interests of a chat."""
    counted = await session.execute(select(func.count()).where(INTERESTS.c.chat_id == chat_id))
    return counted.scalar_one()


async def remove(session: AsyncSession, chat_id: int, interest_id: int) -> bool:
    """Remove one interest; tell whether it was there."""
    removed = await session.execute(
        delete(INTERESTS)
        .where(INTERESTS.c.chat_id == chat_id, INTERESTS.c.id == interest_id)
        .returning(INTERESTS.c.id)
    )
    return removed.first() is not None


_INTERESTS = select(INTERESTS.c.id, INTERESTS.c.phrase, INTERESTS.c.wanted, INTERESTS.c.text)

"""What messages of many chats show beside their papers, read together, in a statement each.

A pair is a chat and a paper, or a chat and an interest. One chat alone is read by `storage.votes` and its
neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from sqlalchemy import case, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Interest
from storage.batches import batches
from storage.tables import INTERESTS, READERS, SAVED, VOTES

Pair: TypeAlias = tuple[int, int]


async def tallies(session: AsyncSession, pairs: Iterable[Pair]) -> dict[Pair, tuple[int, int]]:
    """Count ups and downs of papers in chats. Pairs that nobody voted on are left out."""
    counts: dict[Pair, tuple[int, int]] = {}
    for batch in batches(pairs):
        rows = await session.execute(_TALLIES.where(tuple_(VOTES.c.chat_id, VOTES.c.paper_id).in_(batch)))
        counts |= {(row.chat_id, row.paper_id): (row.ups, row.all - row.ups) for row in rows}
    return counts


async def saved(session: AsyncSession, pairs: Iterable[Pair]) -> set[Pair]:
    """Tell which papers are saved in which chats."""
    found: set[Pair] = set()
    key = tuple_(SAVED.c.chat_id, SAVED.c.paper_id)
    for batch in batches(pairs):
        rows = await session.execute(select(SAVED.c.chat_id, SAVED.c.paper_id).where(key.in_(batch)))
        found |= {(row.chat_id, row.paper_id) for row in rows}
    return found


async def interests(session: AsyncSession, pairs: Iterable[Pair]) -> dict[Pair, Interest]:
    """Read stated interests of chats by their ids. Unknown ones are left out."""
    found: dict[Pair, Interest] = {}
    key = tuple_(INTERESTS.c.chat_id, INTERESTS.c.id)
    for batch in batches(pairs):
        for row in await session.execute(_INTERESTS.where(key.in_(batch))):
            found[row.chat_id, row.id] = Interest(row.id, row.phrase, row.wanted, row.text)
    return found


async def with_taste(session: AsyncSession, chat_ids: Iterable[int]) -> set[int]:
    """Tell which readers have liked or stated anything yet."""
    found: set[int] = set()
    for batch in batches(chat_ids):
        found |= set((await session.execute(_WITH_TASTE.where(READERS.c.chat_id.in_(batch)))).scalars())
    return found


_TALLIES = select(
    VOTES.c.chat_id,
    VOTES.c.paper_id,
    func.sum(case((VOTES.c.up, 1), else_=0)).label("ups"),
    func.count().label("all"),
).group_by(VOTES.c.chat_id, VOTES.c.paper_id)
_INTERESTS = select(
    INTERESTS.c.chat_id, INTERESTS.c.id, INTERESTS.c.phrase, INTERESTS.c.wanted, INTERESTS.c.text
)
_WITH_TASTE = select(READERS.c.chat_id).where(
    or_(
        exists().where(VOTES.c.chat_id == READERS.c.chat_id, VOTES.c.up.is_(True)),
        exists().where(INTERESTS.c.chat_id == READERS.c.chat_id),
    )
)

"""Votes: one person's thumb on one paper in one chat, to be changed or taken back, unseen elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper, Vote
from storage.batches import batches
from storage.dialects import insert
from storage.rows import PAPER_COLUMNS, paper, vote
from storage.tables import PAPERS, VOTES


async def put(  # noqa: PLR0913, PLR0917 - a row's worth
    session: AsyncSession,
    chat_id: int,
    person_id: int,
    paper_id: int,
    up: bool,  # noqa: FBT001 - a vote is a direction
    now: datetime,
) -> None:
    """Set a person's vote on a paper; an earlier one is replaced."""
    statement = insert(session, VOTES)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=VOTES.primary_key,
            set_={"up": statement.excluded.up, "at": statement.excluded.at},
        ),
        {"chat_id": chat_id, "person_id": person_id, "paper_id": paper_id, "up": up, "at": now},
    )


async def put_older(
    session: AsyncSession, chat_id: int, person_id: int, ballots: Sequence[Vote]
) -> list[Vote]:
    """Set a person's votes of long ago, at most one a paper; a vote that is as new or newer stands.

    Returns:
        Those that were set, in no order.
    """
    statement = insert(session, VOTES)
    told = statement.excluded
    upsert = statement.on_conflict_do_update(
        index_elements=VOTES.primary_key, set_={"up": told.up, "at": told.at}, where=told.at > VOTES.c.at
    ).returning(VOTES.c.paper_id, VOTES.c.up, VOTES.c.at)
    put: list[Vote] = []
    for batch in batches(ballots):
        rows = [
            {"chat_id": chat_id, "person_id": person_id, "paper_id": b.paper_id, "up": b.up, "at": b.at}
            for b in batch
        ]
        put += [vote(row) for row in await session.execute(upsert, rows)]
    return put


async def take_back(session: AsyncSession, chat_id: int, person_id: int, paper_id: int) -> None:
    """Remove a person's vote on a paper; nothing where there is none."""
    await session.execute(
        delete(VOTES).where(
            VOTES.c.chat_id == chat_id, VOTES.c.paper_id == paper_id, VOTES.c.person_id == person_id
        )
    )


async def of_person(
    session: AsyncSession, chat_id: int, person_id: int, paper_ids: Iterable[int]
) -> dict[int, bool]:
    """Read how a person voted in a chat: up or not, by paper. Papers without their vote are left out."""
    rows = await session.execute(
        select(VOTES.c.paper_id, VOTES.c.up).where(
            VOTES.c.chat_id == chat_id, VOTES.c.person_id == person_id, VOTES.c.paper_id.in_(list(paper_ids))
        )
    )
    return {row.paper_id: row.up for row in rows}


async def tally(session: AsyncSession, chat_id: int, paper_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Count the ups and downs in a chat on each of the papers; (0, 0) where nobody voted."""
    counts = dict.fromkeys(paper_ids, (0, 0))
    rows = await session.execute(
        select(VOTES.c.paper_id, _UPS, func.count().label("all"))
        .where(VOTES.c.chat_id == chat_id, VOTES.c.paper_id.in_(list(counts)))
        .group_by(VOTES.c.paper_id)
    )
    return counts | {row.paper_id: (row.ups, row.all - row.ups) for row in rows}


async def of_chat(session: AsyncSession, chat_id: int) -> list[Vote]:
    """Read all votes of a chat, oldest first."""
    rows = await session.execute(
        select(VOTES.c.paper_id, VOTES.c.up, VOTES.c.at)
        .where(VOTES.c.chat_id == chat_id)
        .order_by(VOTES.c.at, VOTES.c.paper_id, VOTES.c.person_id)
    )
    return [vote(row) for row in rows]


async def liked(
    session: AsyncSession, chat_id: int, *, limit: int, offset: int = 0
) -> list[tuple[int, Paper]]:
    """Read the papers that at least one person of a chat likes, each once, the one liked last first."""
    likes = _likes(chat_id).subquery()
    rows = await session.execute(
        select(PAPERS.c.id, *PAPER_COLUMNS)
        .join(likes, likes.c.paper_id == PAPERS.c.id)
        .order_by(likes.c.at.desc(), PAPERS.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [(row.id, paper(row)) for row in rows]


async def count_liked(session: AsyncSession, chat_id: int) -> int:
    """Count the papers that at least one person of a chat likes."""
    counted = await session.execute(select(func.count()).select_from(_likes(chat_id).subquery()))
    return counted.scalar_one()


def voted_on(chat_id: int) -> Select[Any]:
    """Select the ids of the papers that a chat voted on."""
    return select(VOTES.c.paper_id).where(VOTES.c.chat_id == chat_id)


async def papers_voted_on(session: AsyncSession) -> set[int]:
    """Name the papers that anybody voted on."""
    cast = select(VOTES.c.paper_id).where(VOTES.c.paper_id == PAPERS.c.id).exists()
    return set((await session.execute(select(PAPERS.c.id).where(cast))).scalars())


def _likes(chat_id: int) -> Select[Any]:
    return (
        select(VOTES.c.paper_id, func.max(VOTES.c.at).label("at"))
        .where(VOTES.c.chat_id == chat_id, VOTES.c.up.is_(True))
        .group_by(VOTES.c.paper_id)
    )


_UPS = func.sum(case((VOTES.c.up, 1), else_=0)).label("ups")

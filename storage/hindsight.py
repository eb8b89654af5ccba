"""What a replay of the bot's own past reads: when papers came, and which were shown to a chat and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Candidate, Slot
from storage.digests import State
from storage.tables import DIGESTS, PAPERS, PICKS, VOTES


@dataclass(frozen=True, slots=True)
class Arrival:
    """A paper as a candidate, and when it was first seen. Its popularity is that of now."""

    candidate: Candidate
    at: datetime


@dataclass(frozen=True, slots=True)
class Showing:
    """A digest that arrived: when it was planned, and the slot of each paper in it."""

    at: datetime
    slots: Mapping[int, Slot]


async def arrivals(session: AsyncSession) -> list[Arrival]:
    """Read of all papers when they came, first come first."""
    columns = (PAPERS.c.id, PAPERS.c.upvotes, PAPERS.c.comments, PAPERS.c.featured, PAPERS.c.first_seen)
    rows = await session.execute(select(*columns).order_by(PAPERS.c.first_seen, PAPERS.c.id))
    return [
        Arrival(Candidate(paper_id, upvotes or 0, comments or 0, featured), first_seen)
        for paper_id, upvotes, comments, featured, first_seen in rows
    ]


async def voting_chats(session: AsyncSession) -> list[int]:
    """List the chats in which anyone voted, in the order of their ids."""
    rows = await session.execute(select(VOTES.c.chat_id).distinct().order_by(VOTES.c.chat_id))
    return list(rows.scalars())


async def showings(session: AsyncSession, chat_id: int) -> list[Showing]:
    """Read what arrived in a chat, oldest first; digests without picks are left out."""
    rows = await session.execute(
        select(DIGESTS.c.id, DIGESTS.c.planned_at, PICKS.c.paper_id, PICKS.c.slot)
        .join(PICKS, PICKS.c.digest_id == DIGESTS.c.id)
        .where(DIGESTS.c.chat_id == chat_id, DIGESTS.c.state == State.SENT)
        .order_by(DIGESTS.c.planned_at, DIGESTS.c.id, PICKS.c.position)
    )
    return [
        Showing(at, {row.paper_id: Slot(row.slot) for row in picks})
        for (_, at), picks in groupby(rows, key=lambda row: (row.id, row.planned_at))
    ]

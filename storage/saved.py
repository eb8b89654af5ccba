"""Saved papers: what a chat keeps for later, each with a note where it wrote one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper
from storage.batches import batches
from storage.dialects import insert
from storage.rows import PAPER_COLUMNS, AnyRow, paper
from storage.tables import PAPERS, SAVED


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved paper."""

    paper_id: int
    paper: Paper
    note: str | None
    at: datetime


async def put(session: AsyncSession, chat_id: int, paper_id: int, now: datetime) -> None:
    """Save a paper; one saved before stays as it is."""
    await session.execute(
        insert(session, SAVED)
        .values(chat_id=chat_id, paper_id=paper_id, note=None, at=now)
        .on_conflict_do_nothing()
    )


async def put_all(
    session: AsyncSession, chat_id: int, kept: Mapping[int, tuple[str | None, datetime]]
) -> None:
    """Save papers, each with a note and a moment; one saved before keeps its moment, and a note it has."""
    statement = insert(session, SAVED)
    own_note = func.coalesce(SAVED.c.note, statement.excluded.note)
    upsert = statement.on_conflict_do_update(index_elements=SAVED.primary_key, set_={"note": own_note})
    for batch in batches(kept.items()):
        rows = [
            {"chat_id": chat_id, "paper_id": paper_id, "note": note, "at": at}
            for paper_id, (note, at) in batch
        ]
        await session.execute(upsert, rows)


async def take_out(session: AsyncSession, chat_id: int, paper_id: int) -> bool:
    """Take a paper out, and its note with it; tell whether it was saved."""
    taken = await session.execute(
        delete(SAVED)
        .where(SAVED.c.chat_id == chat_id, SAVED.c.paper_id == paper_id)
        .returning(SAVED.c.paper_id)
    )
    return taken.first() is not None


async def annotate(session: AsyncSession, chat_id: int, paper_id: int, note: str | None) -> bool:
    """Write a note on a saved paper, or with None remove it; tell whether the paper is saved."""
    written = await session.execute(
        update(SAVED)
        .where(SAVED.c.chat_id == chat_id, SAVED.c.paper_id == paper_id)
        .values(note=note)
        .returning(SAVED.c.paper_id)
    )
    return written.first() is not None


async def get(session: AsyncSession, chat_id: int, paper_id: int) -> Saved | None:
    """Read a saved paper; None where it is not saved."""
    rows = await session.execute(_SAVED.where(SAVED.c.chat_id == chat_id, SAVED.c.paper_id == paper_id))
    row = rows.first()
    return _saved(row) if row else None


async def among(session: AsyncSession, chat_id: int, paper_ids: Iterable[int]) -> set[int]:
    """Tell which of the papers are saved."""
    found: set[int] = set()
    for batch in batches(paper_ids):
        rows = await session.execute(
            select(SAVED.c.paper_id).where(SAVED.c.chat_id == chat_id, SAVED.c.paper_id.in_(batch))
        )
        found |= set(rows.scalars())
    return found


async def of_chat(session: AsyncSession, chat_id: int, *, limit: int, offset: int = 0) -> list[Saved]:
    """Read the papers that a chat saved, the one saved last first."""
    rows = await session.execute(
        _SAVED.where(SAVED.c.chat_id == chat_id)
        .order_by(SAVED.c.at.desc(), SAVED.c.paper_id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_saved(row) for row in rows]


async def count(session: AsyncSession, chat_id: int) -> int:
    """Count the papers that a chat saved."""
    counted = await session.execute(select(func.count()).where(SAVED.c.chat_id == chat_id))
    return counted.scalar_one()


def _saved(row: AnyRow) -> Saved:
    return Saved(row.paper_id, paper(row), row.note, row.at)


_SAVED = select(SAVED.c.paper_id, SAVED.c.note, SAVED.c.at, *PAPER_COLUMNS).join(
    PAPERS, PAPERS.c.id == SAVED.c.paper_id
)

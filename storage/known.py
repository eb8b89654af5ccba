"""What the database knows of a batch of papers: read at once, and handed to `storage.intake` to decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.intake import CROWD, Entry, Intake, Told
from storage.rows import PAPER_COLUMNS, AnyRow, paper
from storage.tables import PAPERS, WORDINGS


async def recall(session: AsyncSession, batch: Sequence[Told]) -> Intake:
    """Read the papers that a batch may speak of: those of its ids, its wordings, and its titles."""
    worded = await session.execute(
        select(WORDINGS.c.key, WORDINGS.c.paper_id).where(WORDINGS.c.key.in_({told.key for told in batch}))
    )
    row_of = {row.key: row.paper_id for row in worded}
    ids = {told.paper.arxiv_id for told in batch if told.paper.arxiv_id}
    named = or_(PAPERS.c.arxiv_id.in_(ids), PAPERS.c.id.in_(set(row_of.values())))
    entries = {row.id: _entry(row) for row in await session.execute(_STORED.where(named))}
    new_titles = {told.title_key for told in batch if told.key not in row_of}
    by_title: dict[int, list[Entry]] = {}
    for row in await session.execute(_bearing(new_titles)):
        by_title.setdefault(row.title_key, []).append(entries.setdefault(row.id, _entry(row)))
    by_id = {entry.arxiv_id: entry for entry in entries.values() if entry.arxiv_id in ids}
    return Intake(by_id, {key: entries[row_id] for key, row_id in row_of.items()}, by_title)


def _bearing(title_keys: set[int]) -> Select[Any]:
    """Select the papers that bear these titles: of a title that very many bear, just enough to tell."""
    place = func.row_number().over(partition_by=PAPERS.c.title_key, order_by=PAPERS.c.id)
    ranked = select(PAPERS.c.id, place.label("place")).where(PAPERS.c.title_key.in_(title_keys)).subquery()
    return _STORED.join(ranked, ranked.c.id == PAPERS.c.id).where(ranked.c.place <= CROWD + 1)


def _entry(row: AnyRow) -> Entry:
    known = paper(row)
    stored = (known, row.first_seen, row.sample)
    return Entry(*stored, row.id, stored, known.arxiv_id)


_STORED = select(PAPERS.c.id, *PAPER_COLUMNS, PAPERS.c.title_key, PAPERS.c.first_seen, PAPERS.c.sample)

"""Aliases: ids of papers that became part of another one. Old buttons still bear them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.tables import ALIASES


async def current(session: AsyncSession, paper_id: int) -> int:
    """Tell which id a paper has now: its own, also where there is no such paper, or the one it became."""
    return (await current_of(session, [paper_id]))[paper_id]


async def current_of(session: AsyncSession, paper_ids: Iterable[int]) -> dict[int, int]:
    """Tell which id each paper has now, as `current` does."""
    now = {paper_id: paper_id for paper_id in paper_ids}
    for batch in batches(list(now)):
        rows = await session.execute(select(ALIASES.c.id, ALIASES.c.paper_id).where(ALIASES.c.id.in_(batch)))
        now |= {row.id: row.paper_id for row in rows}
    return now


async def add(session: AsyncSession, became: Mapping[int, int]) -> None:
    """Note what papers became; what had become one of these before is part of the same now."""
    await session.execute(insert(ALIASES), [{"id": gone, "paper_id": kept} for gone, kept in became.items()])
    await session.execute(
        update(ALIASES)
        .where(ALIASES.c.paper_id.in_(list(became)))
        .values(paper_id=what_became_of(ALIASES.c.paper_id))
    )


def what_became_of(paper_id: ColumnElement[int]) -> ColumnElement[int]:
    """Select the paper that one, which is known to be gone, became part of."""
    alias = ALIASES.alias()
    return select(alias.c.paper_id).where(alias.c.id == paper_id).scalar_subquery()

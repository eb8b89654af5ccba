"""Revisions: later versions of papers, which are news only of papers that are stored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper
from storage.batches import batches
from storage.tables import PAPERS


async def of_known(session: AsyncSession, revisions: Sequence[Paper]) -> list[Paper]:
    """Choose those whose arXiv ids are stored, in their order: the others would be taken for new papers."""
    known: set[str] = set()
    for batch in batches({revision.arxiv_id for revision in revisions if revision.arxiv_id}):
        rows = await session.execute(select(PAPERS.c.arxiv_id).where(PAPERS.c.arxiv_id.in_(batch)))
        known.update(rows.scalars())
    return [revision for revision in revisions if revision.arxiv_id in known]

"""Which stored papers are meant by what people and their programs write, where no arXiv id tells it.

Reads only. When two dumps speak of one paper, `storage.identity` decides; here a title may be enough, for all
that rests on it is one reader's like, which can be taken back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.identity import fold
from storage.tables import PAPERS, WORDINGS

_TELLING = 15  # bytes of a folded title: shorter ones, as "Editorial", are those of many papers
_HEAD = 8
_NAMED_AUTHORS = 2


async def by_wording(session: AsyncSession, keys: Iterable[str]) -> dict[str, int]:
    """Find papers by the keys of their wordings. Unknown ones are left out."""
    found: dict[str, int] = {}
    for batch in batches(keys):
        rows = await session.execute(
            select(WORDINGS.c.key, WORDINGS.c.paper_id).where(WORDINGS.c.key.in_(batch))
        )
        found |= {row.key: row.paper_id for row in rows}
    return found


async def by_title(session: AsyncSession, titles: Collection[str]) -> dict[str, int]:
    """Find papers by their titles, whatever the case and signs; each may end with an author's surname or two.

    Left out is what is unknown, too short to tell a paper, or the title of several papers. Reads all titles
    there are, 0.1 s for 20,000.
    """
    wanted = {title: fold(title) for title in titles}
    telling = {folded for folded in wanted.values() if len(folded.encode()) >= _TELLING}
    if not telling:
        return {}
    rows = (await session.execute(select(PAPERS.c.id, PAPERS.c.title, PAPERS.c.authors))).all()
    found = await asyncio.to_thread(_match, rows, telling)
    return {title: found[folded] for title, folded in wanted.items() if folded in found}


def _match(rows: Sequence[Any], telling: set[str]) -> dict[str, int]:
    """Match papers against folded titles; one that several papers bear is nobody's."""
    heads = {folded[:_HEAD] for folded in telling}
    bearers: dict[str, set[int]] = {}
    for paper_id, title, authors in rows:
        folded = fold(title)
        if folded[:_HEAD] in heads:
            for spelling in telling.intersection(_spellings(folded, authors)):
                bearers.setdefault(spelling, set()).add(paper_id)
    return {folded: ids.pop() for folded, ids in bearers.items() if len(ids) == 1}


def _spellings(folded: str, authors: Sequence[str]) -> Iterator[str]:
    yield folded
    for author in authors[:_NAMED_AUTHORS]:
        folded += fold(author.rsplit(maxsplit=1)[-1]) if author.strip() else ""
        yield folded

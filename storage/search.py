"""Search: which papers hold the words that a reader looks for, best first, and which meet their filters.

How words are looked for is the database's own affair (`storage.matching`); filters are one for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.dialects import speaks_postgresql
from storage.matching import Match, on_postgresql, on_sqlite
from storage.tables import PAPERS, VOTES


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. All of it must be met; nothing asked for is met by every paper.

    No sign in it has a meaning of its own. Words of which no letter or digit is left are met by no paper.

    Attributes:
        words: Each must stand in the paper, in some form of it.
        author: Words that must stand among the authors.
        after: The first day of publication, or of coming where that is not known.
        liked_in: A chat that likes the paper.
    """

    words: str = ""
    author: str = ""
    after: date | None = None
    liked_in: int | None = None


async def find(session: AsyncSession, query: Query, limit: int) -> list[int]:
    """Find papers by their words, best first; without words the newest first.

    Where no paper has all the words, the last one, of words or else of authors, may be the beginning of one.
    """
    return await _find(session, query, limit) or await _find(session, query, limit, half_typed=True)


async def meeting(session: AsyncSession, query: Query, paper_ids: Iterable[int]) -> set[int]:
    """Tell which of the papers meet all that is asked for but the words."""
    rest = replace(query, words="")
    met: set[int] = set()
    for batch in batches(paper_ids):
        met |= set(await _find(session, rest, len(batch), PAPERS.c.id.in_(batch)))
    return met


async def _find(
    session: AsyncSession, query: Query, limit: int, *where: ColumnElement[bool], half_typed: bool = False
) -> list[int]:
    match_words = on_postgresql if speaks_postgresql(session) else on_sqlite
    match = match_words(query.words, query.author, half_typed=half_typed)
    if match is None:
        return []
    found = _select(match).where(*_filters(query), *where)
    return list((await session.execute(found.limit(limit))).scalars())


def _select(match: Match) -> Select[Any]:
    if match.index is None:
        return select(PAPERS.c.id).where(*match.where).order_by(*_best_first(match, PAPERS.c.id))
    paper_id = match.index.c.rowid
    # SQLite leaves out an outer join that no filter needs, and with it half of the time.
    joined = match.index.outerjoin(PAPERS, PAPERS.c.id == paper_id)
    found = select(paper_id).select_from(joined).where(*match.where)
    return found.order_by(*_best_first(match, paper_id))


def _best_first(match: Match, paper_id: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    first = PAPERS.c.first_seen.desc() if match.worst is None else match.worst
    return first, paper_id.desc()


def _filters(query: Query) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if query.after:
        dawn = datetime.combine(query.after, time(), UTC)
        came = and_(PAPERS.c.published.is_(None), PAPERS.c.first_seen >= dawn)
        filters.append(or_(PAPERS.c.published >= query.after, came))
    if query.liked_in is not None:
        liked = select(VOTES.c.paper_id).where(VOTES.c.chat_id == query.liked_in, VOTES.c.up.is_(True))
        filters.append(PAPERS.c.id.in_(liked))
    return filters

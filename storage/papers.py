"""Papers: stored once however many dumps name them, and read by id, by age, or as candidates for a reader."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Candidate, Paper
from storage import aliases, history, promises, votes
from storage.batches import batches
from storage.dialects import lock_papers
from storage.identity import title_key
from storage.intake import Entry, Intake, Told
from storage.joining import join_papers
from storage.known import recall
from storage.rows import PAPER_COLUMNS, AnyRow, paper, paper_values
from storage.tables import PAPERS, WORDINGS


@dataclass(frozen=True, slots=True)
class Upserted:
    """What an upsert did.

    Attributes:
        added: Ids of the papers that are new, in the order of the dump.
        updated: How many known papers it told something new about.
    """

    added: tuple[int, ...]
    updated: int


async def upsert(
    session: AsyncSession, papers: Sequence[Paper], now: datetime, *, sample: bool = False
) -> Upserted:
    """Store a dump's papers, each once: by arXiv id where known, else by what they say (`storage.identity`).

    New ones are first seen ``now``. The same dump again changes nothing. What is known is never taken back,
    only added to or made newer (`storage.merging`); where a dump shows two stored papers to be one, the older
    row stays and votes and picks follow it. A paper that was a sample and comes again from a real dump is a
    sample no more.
    """
    await lock_papers(session)
    added: list[int] = []
    updated = 0
    for batch in batches(papers):
        intake = await _decide(session, batch, now, sample=sample)
        new, known, joined = intake.new, intake.known, intake.joined
        await join_papers(session, joined)
        added += await _add(session, new)
        grown = {*joined.values()}
        changed = [entry for entry in known if entry.is_news or entry.row_id in grown]
        await _update(session, changed)
        await _add_wordings(session, [*known, *new])
        updated += len(changed)
    return Upserted(tuple(added), updated)


async def _decide(session: AsyncSession, batch: Sequence[Paper], now: datetime, *, sample: bool) -> Intake:
    told = await asyncio.to_thread(lambda: [Told.of(paper) for paper in batch])
    intake = await recall(session, told)
    # Titles that many long texts share can take seconds to judge, in which nobody else is to wait.
    await asyncio.to_thread(intake.take_in, told, now, sample=sample)
    return intake


async def _add(session: AsyncSession, entries: Sequence[Entry]) -> list[int]:
    """Insert new papers and tell them their rows."""
    if not entries:
        return []
    rows = await session.execute(_INSERT, [_values(entry) for entry in entries])
    # Rows come back in no promised order; an id, or else the text, is what makes a new paper new.
    ids = {row.arxiv_id or (row.title, row.abstract): row.id for row in rows}
    for entry in entries:
        entry.row_id = ids[entry.paper.arxiv_id or (entry.paper.title, entry.paper.abstract)]
    return [entry.row_id for entry in entries if entry.row_id is not None]


async def _update(session: AsyncSession, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    await session.execute(_UPDATE, [{"row_id": entry.row_id} | _values(entry) for entry in entries])
    withdrawn = [entry.row_id for entry in entries if entry.row_id and entry.paper.withdrawn]
    if withdrawn:
        await promises.withdraw(session, withdrawn)


async def _add_wordings(session: AsyncSession, entries: Iterable[Entry]) -> None:
    rows = [{"key": key, "paper_id": entry.row_id} for entry in entries for key in entry.wordings]
    if rows:
        await session.execute(insert(WORDINGS), rows)


def _values(entry: Entry) -> dict[str, Any]:
    return paper_values(entry.paper) | {
        "title_key": title_key(entry.paper.title),
        "first_seen": entry.first_seen,
        "sample": entry.sample,
    }


async def get(session: AsyncSession, paper_ids: Iterable[int]) -> dict[int, Paper]:
    """Read papers by id. Unknown ids are left out."""
    found: dict[int, Paper] = {}
    for batch in batches(paper_ids):
        rows = await session.execute(select(PAPERS.c.id, *PAPER_COLUMNS).where(PAPERS.c.id.in_(batch)))
        found |= {row.id: paper(row) for row in rows}
    return found


async def find(session: AsyncSession, paper_id: int) -> tuple[int, Paper] | None:
    """Read the paper that an id means which it has, or had before it became part of another one.

    Returns:
        The id that it has now, and the paper; None where it is unknown.
    """
    current_id = await aliases.current(session, paper_id)
    found = await get(session, [current_id])
    return (current_id, found[current_id]) if found else None


async def by_arxiv_id(session: AsyncSession, arxiv_ids: Iterable[str]) -> dict[str, int]:
    """Find papers by their arXiv ids, without versions. Unknown ones are left out."""
    found: dict[str, int] = {}
    for batch in batches(arxiv_ids):
        rows = await session.execute(
            select(PAPERS.c.arxiv_id, PAPERS.c.id).where(PAPERS.c.arxiv_id.in_(batch))
        )
        found |= {row.arxiv_id: row.id for row in rows}
    return found


async def among(session: AsyncSession, paper_ids: Iterable[int]) -> set[int]:
    """Tell which of the ids are ids of papers."""
    found: set[int] = set()
    for batch in batches(paper_ids):
        found |= set((await session.execute(select(PAPERS.c.id).where(PAPERS.c.id.in_(batch)))).scalars())
    return found


async def texts(session: AsyncSession, paper_ids: Iterable[int]) -> dict[int, str]:
    """Read what a feature space reads of papers, by id. Unknown ids are left out."""
    found: dict[int, str] = {}
    for batch in batches(paper_ids):
        found |= _texts(await session.execute(_TEXTS.where(PAPERS.c.id.in_(batch))))
    return found


async def newest(session: AsyncSession, limit: int) -> dict[int, str]:
    """Read the texts of the papers that came last, newest first."""
    return _texts(
        await session.execute(_TEXTS.order_by(PAPERS.c.first_seen.desc(), PAPERS.c.id.desc()).limit(limit))
    )


def _texts(rows: Iterable[AnyRow]) -> dict[int, str]:
    return {row.id: Paper(title=row.title, abstract=row.abstract).text for row in rows}


async def candidates(
    session: AsyncSession, chat_id: int, *, since: datetime, at_least: int
) -> list[Candidate]:
    """Find the papers that may be picked for a chat: those first seen at or after ``since``.

    Left out is what stands in a digest of this chat that was or will be delivered, what was voted on in it,
    and what its authors withdrew. Where fewer than ``at_least`` remain, the newest ones from before ``since``
    join them.

    Returns:
        In list order: the newest list first (for a paper of no list, the day it was first seen), then as they
        came.
    """
    unseen = _CANDIDATES.where(PAPERS.c.id.not_in(votes.voted_on(chat_id)))
    new = unseen.where(PAPERS.c.first_seen >= since, PAPERS.c.id.not_in(history.delivered(chat_id, since)))
    rows = list((await session.execute(new)).all())
    if len(rows) < at_least:
        old = unseen.where(PAPERS.c.id.not_in(history.delivered(chat_id)))
        rows += await session.execute(_newest_before(old, since).limit(at_least - len(rows)))
    return [_candidate(row) for row in sorted(rows, key=_place_in_list)]


def _newest_before(query: Select[Any], since: datetime) -> Select[Any]:
    return query.where(PAPERS.c.first_seen < since).order_by(PAPERS.c.first_seen.desc(), PAPERS.c.id)


def _place_in_list(row: AnyRow) -> tuple[int, int]:
    paper_id, _, _, featured, first_seen = row
    listed: date = featured or first_seen.date()
    return -listed.toordinal(), paper_id


def _candidate(row: AnyRow) -> Candidate:
    paper_id, upvotes, comments, featured, _ = row
    return Candidate(paper_id, upvotes or 0, comments or 0, featured)


async def recent(session: AsyncSession, since: datetime) -> list[Candidate]:
    """Read the papers first seen at or after ``since``, whoever has had them, in the order of their ids.

    Withdrawn ones are left out.
    """
    rows = await session.execute(_CANDIDATES.where(PAPERS.c.first_seen >= since).order_by(PAPERS.c.id))
    return [_candidate(row) for row in rows]


async def older(session: AsyncSession, before: datetime, limit: int) -> list[tuple[Candidate, datetime]]:
    """Read the newest papers first seen before a moment, with when that was, whoever has had them.

    They are in the order in which they join the `candidates` of a chat to which too few are new.
    """
    rows = await session.execute(_newest_before(_CANDIDATES, before).limit(limit))
    return [(_candidate(row), row.first_seen) for row in rows]


async def count(session: AsyncSession) -> int:
    """Count all papers."""
    return (await session.execute(_COUNT)).scalar_one()


async def count_samples(session: AsyncSession) -> int:
    """Count the sample papers."""
    return (await session.execute(_COUNT.where(PAPERS.c.sample.is_(True)))).scalar_one()


async def remove_samples(session: AsyncSession) -> int:
    """Remove the sample papers, with the votes and picks of theirs; say how many papers went."""
    removed = await session.execute(delete(PAPERS).where(PAPERS.c.sample.is_(True)).returning(PAPERS.c.id))
    return len(removed.all())


_INSERT = insert(PAPERS).returning(PAPERS.c.id, PAPERS.c.arxiv_id, PAPERS.c.title, PAPERS.c.abstract)
_UPDATE = update(PAPERS).where(PAPERS.c.id == bindparam("row_id"))
_TEXTS = select(PAPERS.c.id, PAPERS.c.title, PAPERS.c.abstract)
_CANDIDATES = select(
    PAPERS.c.id, PAPERS.c.upvotes, PAPERS.c.comments, PAPERS.c.featured, PAPERS.c.first_seen
).where(PAPERS.c.withdrawn.is_(False))
_COUNT = select(func.count()).select_from(PAPERS)

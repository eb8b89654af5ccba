"""Papers: stored once however many dumps name them, and read by id, by age, or as candidates for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Candidate, Paper
from storage import history, votes
from storage.batches import batches
from storage.dialects import lock_papers
from storage.identity import title_key, wording
from storage.intake import Entry, Intake
from storage.joining import move_paper
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
    """Store a dump's papers, each once: by arXiv id where known, else by wording (`storage.identity`).

    The same dump again changes nothing. What is known is never taken back, only added to or made newer; where
    a dump shows two stored papers to be one, the older row stays and votes and picks follow it. A paper that
    was a sample and comes again from a real dump is a sample no more.
    """
    await lock_papers(session)
    added: list[int] = []
    updated = 0
    for batch in batches(papers):
        intake = await _decide(session, batch, now, sample=sample)
        for kept, gone in intake.joined:
            await _join(session, kept, gone)
        added += await _add(session, intake.new)
        news = [entry for entry in intake.known if entry.is_news]
        await _update(session, news)
        await _add_wordings(session, [*intake.known, *intake.new])
        updated += len({entry.row_id for entry in news} | {kept for kept, _ in intake.joined})
    return Upserted(tuple(added), updated)


async def _decide(session: AsyncSession, batch: Sequence[Paper], now: datetime, *, sample: bool) -> Intake:
    keys = [wording(told.title, told.abstract) for told in batch]
    named = await session.execute(
        _STORED.where(PAPERS.c.arxiv_id.in_({told.arxiv_id for told in batch if told.arxiv_id}))
    )
    entries = {row.id: _entry(row) for row in named}
    by_id = {entry.paper.arxiv_id: entry for entry in entries.values() if entry.paper.arxiv_id}
    worded = await session.execute(_STORED_BY_WORDING.where(WORDINGS.c.key.in_(set(keys))))
    by_wording = {row.key: entries.setdefault(row.id, _entry(row)) for row in worded}
    intake = Intake(by_id, by_wording)
    for told, key in zip(batch, keys, strict=True):
        intake.identify(told, key, now, sample=sample)
    for told, key in zip(batch, keys, strict=True):
        intake.learn(told, key, sample=sample)
    return intake


def _entry(row: AnyRow) -> Entry:
    known = paper(row)
    stored = (known, row.first_seen, row.sample)
    return Entry(*stored, row.id, stored, known.arxiv_id)


async def _join(session: AsyncSession, kept: int, gone: int) -> None:
    await move_paper(session, gone, kept)
    await session.execute(update(WORDINGS).where(WORDINGS.c.paper_id == gone).values(paper_id=kept))
    await session.execute(delete(PAPERS).where(PAPERS.c.id == gone))


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
    if entries:
        await session.execute(_UPDATE, [{"row_id": entry.row_id} | _values(entry) for entry in entries])


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


async def by_arxiv_id(session: AsyncSession, arxiv_ids: Iterable[str]) -> dict[str, int]:
    """Find papers by their arXiv ids, without versions. Unknown ones are left out."""
    found: dict[str, int] = {}
    for batch in batches(arxiv_ids):
        rows = await session.execute(
            select(PAPERS.c.arxiv_id, PAPERS.c.id).where(PAPERS.c.arxiv_id.in_(batch))
        )
        found |= {row.arxiv_id: row.id for row in rows}
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

    Left out is what stands in a digest of this chat that was or will be delivered, and what was voted on in
    it. Where fewer than ``at_least`` remain, the newest ones from before ``since`` join them.

    Returns:
        In list order: the newest list first (for a paper of no list, the day it was first seen), then as they
        came.
    """
    unseen = _CANDIDATES.where(
        PAPERS.c.id.not_in(history.delivered(chat_id)), PAPERS.c.id.not_in(votes.voted_on(chat_id))
    )
    rows = list((await session.execute(unseen.where(PAPERS.c.first_seen >= since))).all())
    if len(rows) < at_least:
        rows += await session.execute(_newest_before(unseen, since).limit(at_least - len(rows)))
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
    """Read the papers first seen at or after ``since``, whoever has had them, in the order of their ids."""
    rows = await session.execute(_CANDIDATES.where(PAPERS.c.first_seen >= since).order_by(PAPERS.c.id))
    return [_candidate(row) for row in rows]


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


_STORED = select(PAPERS.c.id, *PAPER_COLUMNS, PAPERS.c.first_seen, PAPERS.c.sample)
_STORED_BY_WORDING = _STORED.add_columns(WORDINGS.c.key).join(WORDINGS, WORDINGS.c.paper_id == PAPERS.c.id)
_INSERT = insert(PAPERS).returning(PAPERS.c.id, PAPERS.c.arxiv_id, PAPERS.c.title, PAPERS.c.abstract)
_UPDATE = update(PAPERS).where(PAPERS.c.id == bindparam("row_id"))
_TEXTS = select(PAPERS.c.id, PAPERS.c.title, PAPERS.c.abstract)
_CANDIDATES = select(PAPERS.c.id, PAPERS.c.upvotes, PAPERS.c.comments, PAPERS.c.featured, PAPERS.c.first_seen)
_COUNT = select(func.count()).select_from(PAPERS)

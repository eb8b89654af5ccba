"""Gathers all that a chat said, as a collection that can be written to a file. Reads only this chat's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.formats.collection import Collection, Entry
from recommender.values import Interest, Paper, Vote
from storage import interests, papers, rules, saved, votes
from storage.saved import Saved


async def gather_all(session: AsyncSession, chat_id: int) -> Collection:
    """Gather votes, saved papers and notes, the newest first, then interests and rules.

    Where several people voted on a paper, the newest vote is the chat's.
    """
    cast = {vote.paper_id: vote for vote in await votes.of_chat(session, chat_id)}
    count = await saved.count(session, chat_id)
    kept = {one.paper_id: one for one in await saved.of_chat(session, chat_id, limit=count)}
    known = await papers.get(session, {*cast, *kept})
    entries = [_entry(paper, cast.get(paper_id), kept.get(paper_id)) for paper_id, paper in known.items()]
    stated = await interests.of_chat(session, chat_id)
    return Collection(
        entries=(*sorted(entries, key=_age), *_guides(stated)),
        interests=tuple((said.phrase, said.wanted) for said in stated if said.text is None),
        rules=tuple(one.rule for one in await rules.of_chat(session, chat_id)),
    )


def _entry(paper: Paper, vote: Vote | None, kept: Saved | None) -> Entry:
    return Entry(
        title=paper.title,
        abstract=paper.abstract,
        authors=paper.authors,
        published=paper.published,
        year=paper.published.year if paper.published else None,
        arxiv_id=paper.arxiv_id,
        url=f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else None,
        keywords=paper.keywords,
        up=vote.up if vote else None,
        saved=kept is not None,
        note=kept.note if kept else None,
        at=_moment(vote, kept),
    )


def _moment(vote: Vote | None, kept: Saved | None) -> datetime | None:
    if vote:
        return vote.at
    return kept.at if kept else None


def _age(entry: Entry) -> float:
    return -entry.at.timestamp() if entry.at else 0.0


def _guides(stated: Iterable[Interest]) -> list[Entry]:
    """Write the papers that guide by their text as what they are: liked or disliked, and not known."""
    return [
        Entry(title=said.phrase, abstract=said.text[len(said.phrase) + len(". ") :], up=said.wanted)
        for said in stated
        if said.text is not None
    ]

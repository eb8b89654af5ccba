"""Ballots: thumbs pressed under digests, many in a few statements; what they may be about, the ledger says.

A vote turns on what is off, and back. Other ways to vote are in `storage.votes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import insert
from storage.tables import DIGESTS, PICKS, READERS, RECEIPTS, VOTES


@dataclass(frozen=True, slots=True)
class Ballot:
    """A press on a thumb.

    Attributes:
        update_id: The update that told of it; one that was carried out before changes nothing.
        position: The place of the pick in its digest.
    """

    update_id: int
    chat_id: int
    person_id: int
    digest_id: int
    position: int
    up: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a ballot.

    Attributes:
        is_known: Whether the chat was given such a pick; all else changes nothing.
        standing: How the person's vote stands now; None for no vote.
        language: The code of the language that the chat is spoken to in, where it is known.
    """

    is_known: bool
    standing: bool | None
    language: str | None


async def cast(session: AsyncSession, ballots: Sequence[Ballot], now: datetime) -> list[Outcome]:
    """Cast votes, change them, or take back what stood already, in the order given; at most some hundred."""
    languages = await _languages(session, ballots)
    picked = await _picked(session, ballots)
    known = [ballot for ballot in ballots if ballot in picked]
    keys = {ballot: (ballot.chat_id, picked[ballot], ballot.person_id) for ballot in known}
    before = await _standing(session, list(keys.values()))
    after = dict(before)
    fresh = await _take_receipts(session, known, now)
    outcomes = []
    for ballot in ballots:
        key = keys.get(ballot)
        if key and ballot.update_id in fresh:
            fresh.remove(ballot.update_id)  # told twice at once, it counts once too
            after[key] = None if after.get(key) is ballot.up else ballot.up
        standing = after.get(key) if key else None
        outcomes.append(Outcome(key is not None, standing, languages.get(ballot.chat_id)))
    await _write(session, {key: up for key, up in after.items() if before.get(key) is not up}, now)
    return outcomes


_Key = tuple[int, int, int]  # chat, paper, person, as the table has it


async def _languages(session: AsyncSession, ballots: Sequence[Ballot]) -> dict[int, str | None]:
    chats = {ballot.chat_id for ballot in ballots}
    rows = await session.execute(_LANGUAGES, {"chats": list(chats)})
    return {row.chat_id: row.language for row in rows}


async def _picked(session: AsyncSession, ballots: Sequence[Ballot]) -> dict[Ballot, int]:
    """Find the papers of the ballots that are about a pick of their own chat's."""
    rows = await session.execute(_PICKED, {"digests": list({ballot.digest_id for ballot in ballots})})
    papers = {(row.chat_id, row.digest_id, row.position): row.paper_id for row in rows}
    places = {ballot: (ballot.chat_id, ballot.digest_id, ballot.position) for ballot in ballots}
    return {ballot: papers[place] for ballot, place in places.items() if place in papers}


async def _standing(session: AsyncSession, keys: Sequence[_Key]) -> dict[_Key, bool | None]:
    if not keys:
        return {}
    chats, papers, people = (list(set(column)) for column in zip(*keys, strict=True))
    rows = await session.execute(_STANDING, {"chats": chats, "papers": papers, "people": people})
    found = {(row.chat_id, row.paper_id, row.person_id): row.up for row in rows}
    return {key: found[key] for key in keys if key in found}


async def _take_receipts(session: AsyncSession, ballots: Sequence[Ballot], now: datetime) -> set[int]:
    """Write down which ballots are cast in this transaction; tell those that were not before."""
    if not ballots:
        return set()
    taken = await session.execute(
        insert(session, RECEIPTS).on_conflict_do_nothing().returning(RECEIPTS.c.update_id),
        [{"update_id": ballot.update_id, "taken_at": now} for ballot in ballots],
    )
    return set(taken.scalars())


async def _write(session: AsyncSession, changed: dict[_Key, bool | None], now: datetime) -> None:
    rows = [
        {"chat_id": chat, "paper_id": paper, "person_id": person, "up": up, "at": now}
        for (chat, paper, person), up in changed.items()
    ]
    if standing := [row for row in rows if row["up"] is not None]:
        upsert = insert(session, VOTES)
        told = {"up": upsert.excluded.up, "at": upsert.excluded.at}
        await session.execute(
            upsert.on_conflict_do_update(index_elements=VOTES.primary_key, set_=told), standing
        )
    if gone := [
        {"chat": row["chat_id"], "paper": row["paper_id"], "person": row["person_id"]}
        for row in rows
        if row["up"] is None
    ]:
        await (await session.connection()).execute(_TAKE_BACK, gone)


_LANGUAGES = select(READERS.c.chat_id, READERS.c.language).where(
    READERS.c.chat_id.in_(bindparam("chats", expanding=True))
)
_PICKED = (
    select(DIGESTS.c.chat_id, PICKS.c.digest_id, PICKS.c.position, PICKS.c.paper_id)
    .join(DIGESTS, DIGESTS.c.id == PICKS.c.digest_id)
    .where(PICKS.c.digest_id.in_(bindparam("digests", expanding=True)))
)
_STANDING = select(VOTES.c.chat_id, VOTES.c.paper_id, VOTES.c.person_id, VOTES.c.up).where(
    and_(
        VOTES.c.chat_id.in_(bindparam("chats", expanding=True)),
        VOTES.c.paper_id.in_(bindparam("papers", expanding=True)),
        VOTES.c.person_id.in_(bindparam("people", expanding=True)),
    )
)
_TAKE_BACK = delete(VOTES).where(
    VOTES.c.chat_id == bindparam("chat"),
    VOTES.c.paper_id == bindparam("paper"),
    VOTES.c.person_id == bindparam("person"),
)

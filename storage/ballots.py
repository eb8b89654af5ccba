"""Ballots: thumbs pressed under digests, many in a few statements; what they may be about, the ledger says.

A vote turns on what is off, and back. Other ways to vote are in `storage.votes`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
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
    found = await _look_up(session, ballots)
    keys = {ballot: found.key(ballot) for ballot in ballots if found.knows(ballot)}
    strangers = {ballot.chat_id for ballot in ballots if ballot not in keys}
    languages = found.languages | await _languages(session, strangers)
    before = found.standing
    after = dict(before)
    fresh = await _take_receipts(session, list(keys), now)
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


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database says of ballots.

    Attributes:
        papers: The picks of the digests, by chat, digest and position.
        languages: Of the chats that the digests were for.
        standing: The votes that the voters have on those papers.
    """

    papers: dict[_Key, int] = field(default_factory=dict)
    languages: dict[int, str | None] = field(default_factory=dict)
    standing: dict[_Key, bool | None] = field(default_factory=dict)

    def knows(self, ballot: Ballot) -> bool:
        return (ballot.chat_id, ballot.digest_id, ballot.position) in self.papers

    def key(self, ballot: Ballot) -> _Key:
        paper_id = self.papers[ballot.chat_id, ballot.digest_id, ballot.position]
        return ballot.chat_id, paper_id, ballot.person_id


async def _look_up(session: AsyncSession, ballots: Sequence[Ballot]) -> _Found:
    """Read what the ballots are about, in one statement: each is a way to SQLite's thread."""
    asked = {
        "digests": list({ballot.digest_id for ballot in ballots}),
        "people": list({ballot.person_id for ballot in ballots}),
    }
    found = _Found()
    for row in await session.execute(_PICKED, asked):
        found.papers[row.chat_id, row.digest_id, row.position] = row.paper_id
        found.languages[row.chat_id] = row.language
        if row.person_id is not None:
            found.standing[row.chat_id, row.paper_id, row.person_id] = row.up
    return found


async def _languages(session: AsyncSession, chats: Collection[int]) -> dict[int, str | None]:
    if not chats:
        return {}
    rows = await session.execute(_LANGUAGES, {"chats": list(chats)})
    return {row.chat_id: row.language for row in rows}


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
    select(
        DIGESTS.c.chat_id,
        PICKS.c.digest_id,
        PICKS.c.position,
        PICKS.c.paper_id,
        READERS.c.language,
        VOTES.c.person_id,
        VOTES.c.up,
    )
    .join(DIGESTS, DIGESTS.c.id == PICKS.c.digest_id)
    .outerjoin(READERS, READERS.c.chat_id == DIGESTS.c.chat_id)
    .outerjoin(
        VOTES,
        and_(
            VOTES.c.chat_id == DIGESTS.c.chat_id,
            VOTES.c.paper_id == PICKS.c.paper_id,
            VOTES.c.person_id.in_(bindparam("people", expanding=True)),
        ),
    )
    .where(PICKS.c.digest_id.in_(bindparam("digests", expanding=True)))
)
_TAKE_BACK = delete(VOTES).where(
    VOTES.c.chat_id == bindparam("chat"),
    VOTES.c.paper_id == bindparam("paper"),
    VOTES.c.person_id == bindparam("person"),
)

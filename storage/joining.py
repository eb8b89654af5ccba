"""When two papers, or two chats, turn out to be one: where votes, digests and picks of the other go.

The rows of readers themselves are their own module's business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Table, delete, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage import aliases, promises
from storage.dialects import insert
from storage.digests import State
from storage.tables import DIGESTS, INTERESTS, PAPERS, PICKS, RULES, SAVED, VOTES, WORDINGS


@dataclass(frozen=True, slots=True)
class _Move:
    """Where rows go: those whose key is ``gone`` get another one."""

    key: Column[int]
    gone: ColumnElement[bool]
    to: ColumnElement[int]

    @classmethod
    def of_one(cls, key: Column[int], old: int, new: int) -> _Move:
        return cls(key, key == old, literal(new, key.type))

    @classmethod
    def of_papers(cls, key: Column[int], gone: Collection[int]) -> _Move:
        return cls(key, key.in_(list(gone)), aliases.what_became_of(key))


async def join_papers(session: AsyncSession, became: Mapping[int, int]) -> None:
    """Make papers part of others: what was said and sent of them is the others' now, and their rows go.

    Where a person of a chat voted on both, the newer vote stands; where a chat saved both, both notes do. A
    digest that is only planned names no paper twice, nor one that its chat has had; one that was sent stays
    as it was sent. The ids that go are known as those of the others.

    ``became`` names for each paper that goes the one that stays; none does both.
    """
    for part in _one_into_each(became):
        await aliases.add(session, part)
        await _move_votes(session, _Move.of_papers(VOTES.c.paper_id, part))
        await _move_saved(session, _Move.of_papers(SAVED.c.paper_id, part))
        for key in (PICKS.c.paper_id, PICKS.c.reason_paper_id, WORDINGS.c.paper_id):
            move = _Move.of_papers(key, part)
            await session.execute(update(key.table).where(move.gone).values({key.name: move.to}))
        await promises.keep_once(session, part.values())
        await session.execute(delete(PAPERS).where(PAPERS.c.id.in_(list(part))))


def _one_into_each(became: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Share joins out so that no paper takes in two at once: PostgreSQL upserts no row twice a statement."""
    left = dict(became)
    while left:
        gone_by_kept = {kept: gone for gone, kept in left.items()}
        part = {gone: kept for kept, gone in gone_by_kept.items()}
        yield part
        left = {gone: kept for gone, kept in left.items() if gone not in part}


async def move_chat(session: AsyncSession, old_chat_id: int, new_chat_id: int) -> None:
    """Give a chat's votes, digests, interests, saved papers and rules to another one.

    Where a person voted on a paper in both, the newer vote stands. Where both have a digest for one local
    day, the one that got further keeps the day; the other stays without a day, so that its picks are known to
    be delivered, and what is only planned of it is skipped. The messages stay behind in the old chat.
    """
    await _move_votes(session, _Move.of_one(VOTES.c.chat_id, old_chat_id, new_chat_id))
    await _move_saved(session, _Move.of_one(SAVED.c.chat_id, old_chat_id, new_chat_id))
    for table in (INTERESTS, RULES):
        await _move_rows(session, table, _Move.of_one(table.c.chat_id, old_chat_id, new_chat_id))
    await _share_days(session, old_chat_id, new_chat_id)
    # The new chat counts its own messages from one, and a reaction to one of them is none to an old digest.
    moved = {"chat_id": new_chat_id, "message_id": None}
    await session.execute(update(DIGESTS).where(DIGESTS.c.chat_id == old_chat_id).values(moved))


async def _move_votes(session: AsyncSession, move: _Move) -> None:
    statement = _copy(session, VOTES, move)
    newer = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=VOTES.primary_key,
            set_={"up": newer.up, "at": newer.at},
            where=newer.at > VOTES.c.at,
        )
    )
    await session.execute(delete(VOTES).where(move.gone))


async def _move_saved(session: AsyncSession, move: _Move) -> None:
    statement = _copy(session, SAVED, move)
    kept, gone = SAVED.c.note, statement.excluded.note
    notes = func.coalesce(kept + "\n" + gone, kept, gone)
    await session.execute(
        statement.on_conflict_do_update(index_elements=SAVED.primary_key, set_={"note": notes})
    )
    await session.execute(delete(SAVED).where(move.gone))


async def _move_rows(session: AsyncSession, table: Table, move: _Move) -> None:
    """Move rows; where one clashes with another by a key, that of the new one stays."""
    await session.execute(_copy(session, table, move).on_conflict_do_nothing())
    await session.execute(delete(table).where(move.gone))


def _copy(session: AsyncSession, table: Table, move: _Move) -> sqlite.Insert | postgresql.Insert:
    """Start an insert of rows under their other key; a table that counts its rows counts on."""
    columns = [column for column in table.c if column is not table.autoincrement_column]
    rows = select(*(move.to if column is move.key else column for column in columns)).where(move.gone)
    return insert(session, table).from_select([column.name for column in columns], rows)


async def _share_days(session: AsyncSession, old_chat_id: int, new_chat_id: int) -> None:
    old, new = DIGESTS.alias(), DIGESTS.alias()
    same_days = await session.execute(
        select(old.c.id, old.c.state, new.c.id, new.c.state)
        .join(new, new.c.local_day == old.c.local_day)
        .where(old.c.chat_id == old_chat_id, new.c.chat_id == new_chat_id)
    )
    for old_id, old_state, new_id, new_state in same_days.all():
        behind = new_id if _PROGRESS.index(old_state) > _PROGRESS.index(new_state) else old_id
        await _lose_day(session, behind)


async def _lose_day(session: AsyncSession, digest_id: int) -> None:
    row = DIGESTS.c.id == digest_id
    await session.execute(update(DIGESTS).where(row).values(local_day=None))
    await session.execute(
        update(DIGESTS)
        .where(or_(row, DIGESTS.c.lead_id == digest_id), DIGESTS.c.state == State.PLANNED)
        .values(
            state=State.SKIPPED, due_at=None, why="two chats became one, and the other's digest had this day"
        )
    )


_PROGRESS = (State.SKIPPED, State.FAILED, State.PLANNED, State.SENDING, State.SENT)

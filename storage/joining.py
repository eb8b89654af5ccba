"""When two papers, or two chats, turn out to be one: where votes, digests and picks of the other go.

The rows of the papers and readers themselves are their own modules' business.
"""

from __future__ import annotations

from sqlalchemy import Column, Table, delete, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import insert
from storage.digests import State
from storage.tables import DIGESTS, INTERESTS, PICKS, RULES, SAVED, VOTES


async def move_paper(session: AsyncSession, old_paper_id: int, new_paper_id: int) -> None:
    """Give a paper's votes and picks to another one, and its place among what was saved.

    Where a person of a chat voted on both, the newer vote stands; where a chat saved both, both notes do. A
    digest that is only planned names the paper once; one that was sent stays as it was sent.
    """
    await _move_votes(session, VOTES.c.paper_id, old_paper_id, new_paper_id)
    await _move_saved(session, SAVED.c.paper_id, old_paper_id, new_paper_id)
    await _name_once(session, old_paper_id, new_paper_id)
    for column in (PICKS.c.paper_id, PICKS.c.reason_paper_id):
        await session.execute(update(PICKS).where(column == old_paper_id).values({column: new_paper_id}))


async def move_chat(session: AsyncSession, old_chat_id: int, new_chat_id: int) -> None:
    """Give a chat's votes, digests, interests, saved papers and rules to another one.

    Where a person voted on a paper in both, the newer vote stands. Where both have a digest for one local
    day, the one that got further keeps the day; the other stays without a day, so that its picks are known to
    be delivered, and what is only planned of it is skipped. The messages stay behind in the old chat.
    """
    await _move_votes(session, VOTES.c.chat_id, old_chat_id, new_chat_id)
    await _move_saved(session, SAVED.c.chat_id, old_chat_id, new_chat_id)
    for table in (INTERESTS, RULES):
        await _move_rows(session, table, table.c.chat_id, old_chat_id, new_chat_id)
    await _share_days(session, old_chat_id, new_chat_id)
    # The new chat counts its own messages from one, and a reaction to one of them is none to an old digest.
    moved = {"chat_id": new_chat_id, "message_id": None}
    await session.execute(update(DIGESTS).where(DIGESTS.c.chat_id == old_chat_id).values(moved))


async def _move_votes(session: AsyncSession, key: Column[int], old: int, new: int) -> None:
    statement = _copy(session, VOTES, key, old, new)
    newer = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=VOTES.primary_key,
            set_={"up": newer.up, "at": newer.at},
            where=newer.at > VOTES.c.at,
        )
    )
    await session.execute(delete(VOTES).where(key == old))


async def _move_saved(session: AsyncSession, key: Column[int], old: int, new: int) -> None:
    statement = _copy(session, SAVED, key, old, new)
    kept, gone = SAVED.c.note, statement.excluded.note
    notes = func.coalesce(kept + "\n" + gone, kept, gone)
    await session.execute(
        statement.on_conflict_do_update(index_elements=SAVED.primary_key, set_={"note": notes})
    )
    await session.execute(delete(SAVED).where(key == old))


async def _move_rows(session: AsyncSession, table: Table, key: Column[int], old: int, new: int) -> None:
    """Move rows; where one clashes with another by a key, that of the new one stays."""
    await session.execute(_copy(session, table, key, old, new).on_conflict_do_nothing())
    await session.execute(delete(table).where(key == old))


def _copy(
    session: AsyncSession, table: Table, key: Column[int], old: int, new: int
) -> sqlite.Insert | postgresql.Insert:
    """Start an insert of the rows of one key under another one; a table that counts its rows counts on."""
    columns = [column for column in table.c if column is not table.autoincrement_column]
    moved = [literal(new, column.type) if column is key else column for column in columns]
    rows = select(*moved).where(key == old)
    return insert(session, table).from_select([column.name for column in columns], rows)


async def _name_once(session: AsyncSession, old_paper_id: int, new_paper_id: int) -> None:
    planned = select(DIGESTS.c.id).where(DIGESTS.c.state == State.PLANNED)
    naming_both = select(PICKS.c.digest_id).where(PICKS.c.paper_id == new_paper_id)
    await session.execute(
        delete(PICKS).where(
            PICKS.c.paper_id == old_paper_id,
            PICKS.c.digest_id.in_(planned),
            PICKS.c.digest_id.in_(naming_both),
        )
    )


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

"""What planned digests promise: each paper once to a chat, and none that nobody should be sent any more.

A digest that is being sent, or was, stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.dialects import hold
from storage.digests import State
from storage.rows import AnyRow
from storage.states import Layout
from storage.tables import DIGESTS, PICKS

HAD = "this chat has had, or is promised elsewhere, all that it was to bring"
WITHDRAWN = "its authors withdrew what it was to bring"


async def keep_once(session: AsyncSession, paper_ids: Collection[int]) -> None:
    """Leave these papers out of what is planned for a chat that has had them, or gets them before."""
    for digest_ids in batches(await _naming(session, paper_ids)):
        await _leave_out(session, digest_ids, _promised_before(), HAD)


async def keep_once_in(session: AsyncSession, digest_ids: Collection[int]) -> None:
    """Leave out of planned digests what their chats have had, or get before."""
    for part in batches(digest_ids):
        await _leave_out(session, part, _promised_before(), HAD)


async def withdraw(session: AsyncSession, paper_ids: Collection[int]) -> None:
    """Leave papers out of all that is planned, for their authors took them back."""
    for digest_ids in batches(await _naming(session, paper_ids)):
        await _leave_out(session, digest_ids, PICKS.c.paper_id.in_(paper_ids), WITHDRAWN)


async def let_next_card_go(session: AsyncSession, before: AnyRow) -> None:
    """Make the next card due since it was planned, so that nothing planned later comes between the two."""
    held_back = select(func.min(DIGESTS.c.id)).where(
        DIGESTS.c.chat_id == before.chat_id,
        DIGESTS.c.planned_at == before.planned_at,  # as an index has it; a chat of years has many
        DIGESTS.c.lead_id == (before.lead_id or before.id),
        DIGESTS.c.state == State.PLANNED,
        DIGESTS.c.due_at.is_(None),
    )
    await session.execute(
        update(DIGESTS).where(DIGESTS.c.id == held_back.scalar_subquery()).values(due_at=DIGESTS.c.planned_at)
    )


async def _naming(session: AsyncSession, paper_ids: Collection[int]) -> list[int]:
    """List the planned digests that name any of these papers, and keep others from sending them meanwhile."""
    naming = select(PICKS.c.digest_id).where(PICKS.c.paper_id.in_(paper_ids))
    planned = select(DIGESTS.c.id).where(DIGESTS.c.state == State.PLANNED, DIGESTS.c.id.in_(naming))
    return list((await session.execute(hold(session, planned.order_by(DIGESTS.c.id)))).scalars())


def _promised_before() -> ColumnElement[bool]:
    """Say of a pick that its chat was sent the same paper, is being sent it, or gets it by an earlier one."""
    own, other, before = DIGESTS.alias(), DIGESTS.alias(), PICKS.alias()
    is_earlier = tuple_(before.c.digest_id, before.c.position) < tuple_(PICKS.c.digest_id, PICKS.c.position)
    comes_first = or_(
        other.c.state.in_((State.SENDING, State.SENT)), and_(other.c.state == State.PLANNED, is_earlier)
    )
    return exists().where(
        own.c.id == PICKS.c.digest_id,
        other.c.chat_id == own.c.chat_id,
        before.c.digest_id == other.c.id,
        before.c.paper_id == PICKS.c.paper_id,
        comes_first,
    )


async def _leave_out(
    session: AsyncSession, digest_ids: Collection[int], unwanted: ColumnElement[bool], why: str
) -> None:
    """Take picks out of planned digests; skip one that is left without, and let the card behind it go."""
    taken = await session.execute(
        delete(PICKS).where(PICKS.c.digest_id.in_(digest_ids), unwanted).returning(PICKS.c.digest_id)
    )
    if not (touched := set(taken.scalars())):
        return
    still_full = exists().where(PICKS.c.digest_id == DIGESTS.c.id)
    emptied = select(DIGESTS).where(DIGESTS.c.id.in_(touched), ~still_full)
    rows = (await session.execute(emptied.order_by(DIGESTS.c.id))).all()
    skipped = update(DIGESTS).where(DIGESTS.c.id.in_([row.id for row in rows]))
    await session.execute(skipped.values(state=State.SKIPPED, due_at=None, why=why))
    for row in rows:
        if row.layout == Layout.CARDS and row.due_at is not None:
            await let_next_card_go(session, row)

"""The inbox: what Telegram told and is not carried out yet, and may be forgotten by Telegram.

An update leaves it with a receipt, so that one that Telegram tells again is not taken in again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.dialects import insert
from storage.tables import INBOX, RECEIPTS

NO_CHAT = 0


@dataclass(frozen=True, slots=True)
class KeptUpdate:
    """An update as Telegram told it.

    Attributes:
        chat_id: The chat that it is about, `NO_CHAT` for none.
        body: The update as JSON.
        tries: How often it was found here, left by a process that had ended, and begun anew.
        aside: Whether it is not to be tried any more.
    """

    update_id: int
    chat_id: int
    body: str
    kept_at: datetime
    tries: int = 0
    aside: bool = False


async def keep(session: AsyncSession, told: Sequence[KeptUpdate]) -> set[int]:
    """Keep updates until they are carried out.

    Returns:
        The ids of those that are new: neither here already nor carried out before.
    """
    new: set[int] = set()
    for batch in batches(told):
        ids = [each.update_id for each in batch]
        known = await session.execute(select(RECEIPTS.c.update_id).where(RECEIPTS.c.update_id.in_(ids)))
        carried_out = set(known.scalars())
        if rows := [asdict(each) for each in batch if each.update_id not in carried_out]:
            statement = insert(session, INBOX).on_conflict_do_nothing().returning(INBOX.c.update_id)
            new |= set((await session.execute(statement, rows)).scalars())
    return new


async def waiting(session: AsyncSession) -> list[KeptUpdate]:
    """Read what is not carried out yet, in the order in which it came; not what was set aside."""
    rows = await session.execute(
        select(*(INBOX.c[field.name] for field in fields(KeptUpdate)))
        .where(INBOX.c.aside.is_(False))
        .order_by(INBOX.c.kept_at, INBOX.c.update_id)
    )
    return [KeptUpdate(*row) for row in rows]


async def count(session: AsyncSession) -> int:
    """Count what is not carried out yet; not what was set aside."""
    counted = await session.execute(select(func.count()).select_from(INBOX).where(INBOX.c.aside.is_(False)))
    return counted.scalar_one()


async def settle(
    session: AsyncSession, update_ids: Collection[int], now: datetime, *, holder: str | None = None
) -> None:
    """Give updates that were carried out their receipts, and take them out, of a holder those that it has."""
    is_its_own = INBOX.c.holder.is_not_distinct_from(holder)
    for batch in batches(update_ids):
        rows = [{"update_id": update_id, "taken_at": now} for update_id in batch]
        await session.execute(insert(session, RECEIPTS).on_conflict_do_nothing(), rows)
        await session.execute(delete(INBOX).where(INBOX.c.update_id.in_(batch), is_its_own))


async def count_try(session: AsyncSession, update_ids: Collection[int]) -> None:
    """Note that updates are begun anew, in case that one of them ends the process."""
    for batch in batches(update_ids):
        await session.execute(
            update(INBOX).where(INBOX.c.update_id.in_(batch)).values(tries=INBOX.c.tries + 1)
        )


async def acquit(session: AsyncSession) -> None:
    """Count no try of what is left here at an orderly end: none of it has ended the process."""
    await session.execute(update(INBOX).where(INBOX.c.tries > 0, INBOX.c.aside.is_(False)).values(tries=0))


async def set_aside(session: AsyncSession, update_id: int) -> None:
    """Leave an update here that is not to be tried any more."""
    await session.execute(update(INBOX).where(INBOX.c.update_id == update_id).values(aside=True))


async def forget_aside(session: AsyncSession, before: datetime) -> None:
    """Remove what was set aside, of the updates that came before then."""
    await session.execute(delete(INBOX).where(INBOX.c.aside.is_(True), INBOX.c.kept_at < before))


async def forget_chat(session: AsyncSession, chat_id: int) -> None:
    """Remove what was set aside of a chat. What waits for its turn was said after what is forgotten."""
    await session.execute(delete(INBOX).where(INBOX.c.aside.is_(True), INBOX.c.chat_id == chat_id))

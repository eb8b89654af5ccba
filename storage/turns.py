"""Turns: which process carries out what a chat says, where any of them may be told it.

A chat is held by whoever has its first update in hand: that one row of the inbox bears a holder, and as long
as it does nobody begins another one of the chat. What comes meanwhile is left in the inbox. Whoever takes an
update out is handed the chat's next one in the same transaction, so that a chat is let go of only where
nothing of it waits. Whoever adds to a chat or takes out of it locks the chat before (`claim`, `settle`), so
that one of the two sees what the other did: either the holder finds what was added, or whoever added it finds
the chat free.

A holder that died leaves its rows behind with leases that run out. They are taken over many at once, with a
try counted, for one of them may be what ended the holder (`take_over`). What is left behind once more is a
suspect, and taken over by itself (`take_over_suspect`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox
from storage.dialects import lock_inbox, moment
from storage.inbox import KeptUpdate
from storage.tables import INBOX

_OTHER = INBOX.alias()
_KEPT = [INBOX.c[field.name] for field in fields(KeptUpdate)]
_WAITS = INBOX.c.aside.is_(False)
# Telegram counts its updates, and begins anew at any number after a quiet week.
_BEFORE_THE_LEAP = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds chats, and how long it is believed to live without a word of it."""

    name: str
    lease: timedelta


async def keep(
    session: AsyncSession, told: Sequence[KeptUpdate], holder: Holder, now: datetime
) -> list[KeptUpdate]:
    """Keep updates, and hold the chats of them that nobody holds.

    Returns:
        The first update of each chat that is held from now on.
    """
    chats = {each.chat_id for each in told if not each.aside}
    await lock_inbox(session, chats)
    await inbox.keep(session, told)
    return await _claim(session, chats, holder, now)


async def settle(
    session: AsyncSession, done: Mapping[int, int], holder: Holder, now: datetime
) -> list[KeptUpdate]:
    """Take out updates that a holder carried out, and go on holding their chats where more of them waits.

    ``done`` names the chat of each. One that another holder took over meanwhile is left to that one, which
    finds the receipt.

    Returns:
        The next update of each chat that is still held.
    """
    chats = set(done.values())
    await lock_inbox(session, chats)
    await inbox.settle(session, done.keys(), now, holder=holder.name)
    return await _claim(session, chats, holder, now)


async def claim(session: AsyncSession, holder: Holder, now: datetime, limit: int) -> list[KeptUpdate]:
    """Hold chats of which something waits and which nobody holds, longest waiting first.

    Returns:
        The first update of each.
    """
    free = select(INBOX.c.chat_id).where(_WAITS, ~_is_held(INBOX.c.chat_id)).group_by(INBOX.c.chat_id)
    found = await session.execute(free.order_by(func.min(INBOX.c.kept_at), INBOX.c.chat_id).limit(limit))
    chats = list(found.scalars())
    await lock_inbox(session, chats)
    return await _claim(session, chats, holder, now)


async def take_over(
    session: AsyncSession, holder: Holder, now: datetime, in_hand: Collection[int], limit: int
) -> list[KeptUpdate]:
    """Take over updates whose holders' leases ran out, longest ago first, and count that as a try.

    None that is in hand, and none that was taken over before (`take_over_suspect`).
    """
    return await _take_over(session, holder, now, in_hand, INBOX.c.tries == 0, limit)


async def take_over_suspect(
    session: AsyncSession, holder: Holder, now: datetime, in_hand: Collection[int]
) -> KeptUpdate | None:
    """Take over one update that two holders died with by now, if there is one, and count that as a try."""
    taken = await _take_over(session, holder, now, in_hand, INBOX.c.tries > 0, 1)
    return next(iter(taken), None)


async def renew(session: AsyncSession, holder: Holder, now: datetime, in_hand: Collection[int]) -> set[int]:
    """Say that a holder lives and still has updates in hand.

    Not all that bear its name: where the connection broke at a commit, it may not know that it holds one.

    Returns:
        Those that are still the holder's.
    """
    held = update(INBOX).where(INBOX.c.holder == holder.name, INBOX.c.update_id.in_(list(in_hand)))
    marked = held.values(_mark(session, holder, now)).returning(INBOX.c.update_id)
    return set((await session.execute(marked)).scalars())


async def give_up(session: AsyncSession, holder: Holder) -> None:
    """Let all chats go that a holder has, whatever waits in them; that counts as no try."""
    held = update(INBOX).where(INBOX.c.holder == holder.name)
    await session.execute(held.values(holder=None, held_until=None))


async def _claim(
    session: AsyncSession, chat_ids: Collection[int], holder: Holder, now: datetime
) -> list[KeptUpdate]:
    """Hold those of the chats that nobody holds. They must be locked."""
    is_new = INBOX.c.kept_at > moment(session, now, -_BEFORE_THE_LEAP)
    place = func.row_number().over(partition_by=INBOX.c.chat_id, order_by=(is_new, INBOX.c.update_id))
    waiting = (
        select(INBOX.c.update_id, place.label("place"))
        .where(_WAITS, INBOX.c.chat_id.in_(list(chat_ids)), ~_is_held(INBOX.c.chat_id))
        .subquery()
    )
    first = select(waiting.c.update_id).where(waiting.c.place == 1)
    claimed = await session.execute(
        update(INBOX)
        .where(INBOX.c.update_id.in_(first))
        .values(_mark(session, holder, now))
        .returning(*_KEPT)
    )
    return [KeptUpdate(*row) for row in claimed]


async def _take_over(  # noqa: PLR0913, PLR0917 - for the two above alone
    session: AsyncSession,
    holder: Holder,
    now: datetime,
    in_hand: Collection[int],
    such: ColumnElement[bool],
    limit: int,
) -> list[KeptUpdate]:
    is_away = INBOX.c.update_id.not_in(list(in_hand))
    left = select(INBOX.c.update_id).where(_WAITS, such, is_away, INBOX.c.held_until <= moment(session, now))
    longest = left.order_by(INBOX.c.held_until, INBOX.c.update_id).limit(limit)
    found = (await session.execute(longest.with_for_update(skip_locked=True))).scalars()
    taken = await session.execute(
        update(INBOX)
        .where(INBOX.c.update_id.in_(list(found)))
        .values(_mark(session, holder, now) | {"tries": INBOX.c.tries + 1})
        .returning(*_KEPT)
    )
    return [KeptUpdate(*row) for row in taken]


def _is_held(chat_id: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(
        _OTHER.c.chat_id == chat_id, _OTHER.c.holder.is_not(None), _OTHER.c.aside.is_(False)
    )


def _mark(session: AsyncSession, holder: Holder, now: datetime) -> dict[str, Any]:
    return {"holder": holder.name, "held_until": moment(session, now, holder.lease)}

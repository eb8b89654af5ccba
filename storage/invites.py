"""Invites: codes that let chats in where the owner lets in only whom they invite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import INVITES


@dataclass(frozen=True, slots=True)
class Invite:
    """A code, and how many more chats it lets in."""

    code: str
    uses_left: int


async def put(session: AsyncSession, invite: Invite, now: datetime) -> None:
    """Keep a new invite."""
    await session.execute(insert(INVITES).values(code=invite.code, uses_left=invite.uses_left, made_at=now))


async def use(session: AsyncSession, code: str) -> bool:
    """Let one chat in by a code; False where it is unknown or used up."""
    used = await session.execute(
        update(INVITES)
        .where(INVITES.c.code == code, INVITES.c.uses_left > 0)
        .values(uses_left=INVITES.c.uses_left - 1)
        .returning(INVITES.c.code)
    )
    return used.first() is not None


async def all_open(session: AsyncSession) -> list[Invite]:
    """Read the invites that still let someone in, the newest first."""
    rows = await session.execute(
        select(INVITES.c.code, INVITES.c.uses_left)
        .where(INVITES.c.uses_left > 0)
        .order_by(INVITES.c.made_at.desc(), INVITES.c.code)
    )
    return [Invite(*row) for row in rows]


async def remove(session: AsyncSession, code: str) -> bool:
    """Take an invite back; tell whether it was there."""
    removed = await session.execute(delete(INVITES).where(INVITES.c.code == code).returning(INVITES.c.code))
    return removed.first() is not None

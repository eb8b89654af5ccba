"""Leases: what only one process may do at a time, whoever it is, as long as it says so often enough.

On PostgreSQL the database's own clock decides, for those of hosts differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import insert, moment
from storage.tables import LEASES


@dataclass(frozen=True, slots=True)
class Lease:
    """Who does something, and until when the others let it."""

    name: str
    holder: str
    until: datetime


async def take(session: AsyncSession, name: str, holder: str, lasts: timedelta, now: datetime) -> bool:
    """Take a lease that is free, has run out or is the holder's already; tell whether that worked."""
    statement = insert(session, LEASES).values(name=name, holder=holder, until=moment(session, now, lasts))
    told = statement.excluded
    taken = await session.execute(
        statement.on_conflict_do_update(
            index_elements=LEASES.primary_key,
            set_={"holder": told.holder, "until": told.until},
            where=or_(LEASES.c.holder == holder, LEASES.c.until <= moment(session, now)),
        ).returning(LEASES.c.name)
    )
    return taken.first() is not None


async def give_up(session: AsyncSession, name: str, holder: str, now: datetime) -> None:
    """Let the next one take a lease at once; nothing where it is another's by now."""
    mine = update(LEASES).where(LEASES.c.name == name, LEASES.c.holder == holder)
    await session.execute(mine.values(until=moment(session, now)))


async def held(session: AsyncSession) -> list[Lease]:
    """Read who holds what, or held it last, by name."""
    rows = await session.execute(
        select(LEASES.c.name, LEASES.c.holder, LEASES.c.until).order_by(LEASES.c.name)
    )
    return [Lease(*row) for row in rows]

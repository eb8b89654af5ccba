"""Polls: when each source was asked last, when it last answered, and why it did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import insert
from storage.tables import POLLS


@dataclass(frozen=True, slots=True)
class Poll:
    """How a source stands.

    Attributes:
        reached_at: When it was last read in full; None where it never was.
        why: Why the last try failed; None where it did not.
    """

    source: str
    asked_at: datetime
    reached_at: datetime | None
    why: str | None


async def note(session: AsyncSession, source: str, now: datetime, why: str | None = None) -> None:
    """Write down that a source was asked, and why it could not be read, if so."""
    told = {"asked_at": now, "why": why} | ({} if why else {"reached_at": now})
    await session.execute(
        insert(session, POLLS)
        .values(**{"source": source, "reached_at": None} | told)
        .on_conflict_do_update(index_elements=POLLS.primary_key, set_=told)
    )


async def since(session: AsyncSession, moment: datetime) -> list[Poll]:
    """Read how the sources stand that were asked since then, by name; those that were given up are not."""
    rows = await session.execute(
        select(POLLS.c.source, POLLS.c.asked_at, POLLS.c.reached_at, POLLS.c.why)
        .where(POLLS.c.asked_at >= moment)
        .order_by(POLLS.c.source)
    )
    return [Poll(*row) for row in rows]

"""Polls: how each source stands: when it was asked, answered and brought news, and why it did not."""

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
        added_at: When it last brought a paper that was new; None where it never did.
        why: Why the last try failed; None where it did not.
        failures: How many tries failed in a row.
        retry_at: Until when it is left alone; None where it may be asked.
        retry_asked: Whether the source itself asked for that.
    """

    source: str
    asked_at: datetime
    reached_at: datetime | None = None
    added_at: datetime | None = None
    why: str | None = None
    failures: int = 0
    retry_at: datetime | None = None
    retry_asked: bool = False


async def get(session: AsyncSession, source: str) -> Poll | None:
    """Read how a source stands; None where it was never asked."""
    row = (await session.execute(_POLLS.where(POLLS.c.source == source))).one_or_none()
    return None if row is None else Poll(*row)


async def put(session: AsyncSession, poll: Poll) -> None:
    """Write down how a source stands."""
    told = {name: getattr(poll, name) for name in _NAMES}
    await session.execute(
        insert(session, POLLS)
        .values(**told)
        .on_conflict_do_update(index_elements=POLLS.primary_key, set_=told)
    )


async def note_news(session: AsyncSession, source: str, now: datetime) -> None:
    """Write down that a source brings new papers now; it may be amid being asked for the first time."""
    told = {"source": source, "asked_at": now, "added_at": now, "failures": 0, "retry_asked": False}
    await session.execute(
        insert(session, POLLS)
        .values(**told)
        .on_conflict_do_update(index_elements=POLLS.primary_key, set_={"added_at": now})
    )


_NAMES = ("source", "asked_at", "reached_at", "added_at", "why", "failures", "retry_at", "retry_asked")
_POLLS = select(*(POLLS.c[name] for name in _NAMES))

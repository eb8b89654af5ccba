"""Figures of a running bot: what waits, and since when.

No reader is named in them. Each costs about the same for a million readers as for ten thousand: it looks
along an index, at no more rows than `MOST_COUNTED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import moment
from storage.digests import State
from storage.states import ReaderState
from storage.tables import DIGESTS, INBOX, LEASES, READERS

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits.

    Attributes:
        number: How many they are, `MOST_COUNTED` for so many or more.
        since: Since when the longest of those that were counted waits; None where nothing does.
    """

    number: int = 0
    since: datetime | None = None


async def due(session: AsyncSession, now: datetime, most: int = MOST_COUNTED) -> Backlog:
    """Count the active readers whose digest is due."""
    longest_due = (
        select(READERS.c.state.label("kind"), READERS.c.next_due_at.label("since"))
        .where(READERS.c.state == ReaderState.ACTIVE, READERS.c.next_due_at <= now)
        .order_by(READERS.c.next_due_at)
        .limit(most)
    )
    return (await _count(session, longest_due)).get(ReaderState.ACTIVE, Backlog())


async def unsent(session: AsyncSession, most: int = MOST_COUNTED) -> dict[State, Backlog]:
    """Count the messages that are planned and those that are being sent, by when they were planned.

    A card that waits for the one ahead of it is not counted.
    """
    first_due = (
        select(DIGESTS.c.state.label("kind"), DIGESTS.c.planned_at.label("since"))
        .where(DIGESTS.c.due_at.is_not(None))
        .order_by(DIGESTS.c.due_at)
        .limit(most)
    )
    counted = await _count(session, first_due)
    return {state: counted.get(state, Backlog()) for state in (State.PLANNED, State.SENDING)}


async def untold(session: AsyncSession, most: int = MOST_COUNTED) -> Backlog:
    """Count the updates that are not carried out yet, less those that were set aside."""
    waiting = (
        select(INBOX.c.aside.label("kind"), INBOX.c.kept_at.label("since"))
        .where(INBOX.c.aside.is_(False))
        .limit(most)
    )
    return (await _count(session, waiting)).get(False, Backlog())


async def held_leases(session: AsyncSession, now: datetime) -> dict[str, bool]:
    """Tell of each lease whether anybody holds it."""
    is_held = (LEASES.c.until > moment(session, now)).label("is_held")
    rows = await session.execute(select(LEASES.c.name, is_held).order_by(LEASES.c.name))
    return {row.name: bool(row.is_held) for row in rows}


async def _count(session: AsyncSession, waiting: Select[tuple[Any, datetime]]) -> dict[Any, Backlog]:
    """Count the rows of a query that has a limit, by their kind."""
    rows = waiting.subquery()
    counted = await session.execute(
        select(rows.c.kind, func.count(), func.min(rows.c.since)).group_by(rows.c.kind)
    )
    return {kind: Backlog(number, since) for kind, number, since in counted}

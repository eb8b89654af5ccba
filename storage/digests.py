"""Digests as values: what the rows of the ledger say, and the words that they say it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick
from storage.dialects import speaks_postgresql
from storage.looking_up import look_up
from storage.rows import PICK_COLUMNS, AnyRow, pick
from storage.states import Layout
from storage.tables import DIGESTS, PICKS


class Kind(StrEnum):
    """Why a digest is sent: it is the reader's hour, the reader asked, or the owner writes to all."""

    DAILY = "daily"
    ASKED = "asked"
    NOTICE = "notice"
    """No picks, but what the owner wrote."""


class State(StrEnum):
    """What became of a digest."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


class Lack(StrEnum):
    """What there was too little of for a digest with picks."""

    NEW = "nothing new"
    STRONG = "nothing strong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Picks for one reader, and what became of the message.

    Attributes:
        local_day: The reader's own calendar day; only daily digests have one.
        layout: How it comes; in cards, each pick is a digest of its own.
        lead_id: The first card of those that came together; None for that one, and for a list.
        topic_id: The topic of a forum that it goes to.
        notice_id: What the owner wrote, where it is a notice.
        planned_at: When it was promised.
        lack: Why it has no picks; None where it has.
        message_id: The message that it arrived in; None while it has not, and where the chat has moved since.
        attempts: How many requests to send it came to nothing; to be told to wait is none.
        unanswered: How many of them may have arrived all the same, for no answer came.
        why: Why it failed, was skipped or is tried again.
        held_until: When the lease ends of whoever sends it; None where nobody does.
    """

    id: int
    chat_id: int
    kind: Kind
    local_day: date | None
    layout: Layout = Layout.LIST
    lead_id: int | None = None
    topic_id: int | None = None
    notice_id: int | None = None
    planned_at: datetime
    state: State
    picks: tuple[Pick, ...]
    lack: Lack | None
    message_id: int | None
    attempts: int
    unanswered: int = 0
    why: str | None
    held_until: datetime | None = None


async def read(session: AsyncSession, *where: ColumnElement[bool]) -> list[Digest]:
    """Read the digests that meet the conditions, in the order of their ids."""
    rows = await session.execute(_with_picks(speaks_postgresql(session)).where(*where))
    return [_digest(list(group)) for _, group in groupby(rows, key=lambda row: row.id)]


def _digest(rows: Sequence[AnyRow]) -> Digest:
    """Read a digest from its row, repeated for each pick; without picks it stands once."""
    first = rows[0]
    return Digest(
        id=first.id,
        chat_id=first.chat_id,
        kind=Kind(first.kind),
        local_day=first.local_day,
        layout=Layout(first.layout),
        lead_id=first.lead_id,
        topic_id=first.topic_id,
        notice_id=first.notice_id,
        planned_at=first.planned_at,
        state=State(first.state),
        picks=tuple(pick(row) for row in rows if row.paper_id is not None),
        lack=None if first.lack is None else Lack(first.lack),
        message_id=first.message_id,
        attempts=first.attempts,
        unanswered=first.unanswered,
        why=first.why,
        held_until=first.due_at if first.state == State.SENDING else None,
    )


@cache
def _with_picks(each: bool) -> Select[Any]:  # noqa: FBT001 - of two databases
    joined, found = look_up(DIGESTS, PICKS, PICKS.c.digest_id == DIGESTS.c.id, each=each, outer=True)
    columns = (found[column.name] for column in PICK_COLUMNS)
    return select(DIGESTS, *columns).select_from(joined).order_by(DIGESTS.c.id, found.position)

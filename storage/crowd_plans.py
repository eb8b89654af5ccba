"""The plans of many readers, entered into the ledger together: what `storage.ledger.plan` does for one.

A plan holds for a reader as they were read. Where anything of that is not true any more, the reader is left
as they are, due, for whoever plans for one reader at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import literal, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick
from storage.copying import copy_in
from storage.crowd import given_of
from storage.dialects import hold, insert
from storage.digests import Kind, Lack, State
from storage.handed import one_of, table_of
from storage.ledger import ONE_A_DAY
from storage.readers import Reader
from storage.rows import PICK_NAMES, pick_row
from storage.states import Layout
from storage.tables import DIGESTS, PAPERS, PICKS, READERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of a reader's open day. It has picks, or lacks something, or is skipped.

    Attributes:
        reader: As they were when the picks were made.
        local_day: The day; None where none gets its row but those that were ``missed``.
        next_due_at: When the next day of theirs is due.
        missed: Days before it that get no message, and why.
        lack: What there was too little of, where the reader wants to hear of that.
        skipped: Why there is no message at all.
    """

    reader: Reader
    local_day: date | None
    next_due_at: datetime | None
    missed: Mapping[date, str] = field(default_factory=dict)
    picks: Sequence[Pick] = ()
    lack: Lack | None = None
    skipped: str | None = None

    def __post_init__(self) -> None:
        if bool(self.picks) + bool(self.lack) + bool(self.skipped) != (self.local_day is not None):
            raise ValueError("a day has picks, or lacks something, or is skipped")

    @property
    def papers(self) -> Iterator[int]:
        """Name the papers that the picks are of or rest on."""
        for pick in self.picks:
            yield pick.paper_id
            if pick.reason and pick.reason.paper_id >= 0:
                yield pick.reason.paper_id


async def enter(session: AsyncSession, plans: Sequence[Plan], now: datetime, *, since: datetime) -> set[int]:
    """Write plans into the ledger, at most one a chat, to be sent from ``now`` on, and move the readers on.

    Left out are the plans of readers who are gone or have changed what a plan depends on, and those that name
    a paper that is no more, or one that the chat was promised meanwhile. A local day that has a row already
    gets no second. ``since`` is when the first of the picked papers was first seen.

    Returns:
        The chats that moved on. All others stay due.
    """
    plans = await _of_unchanged(session, plans)
    plans = await _of_papers_there(session, plans)
    plans = await _of_papers_new_to_them(session, plans, since)
    if plans:
        await _enter_missed(session, plans, now)
        leads = await _enter_leads(session, [plan for plan in plans if plan.local_day], now)
        entered = [(leads[plan.reader.chat_id], plan) for plan in plans if plan.reader.chat_id in leads]
        cards = await _enter_cards_behind(session, entered, now)
        await copy_in(session, PICKS, _PLACED_PICK, _pick_rows(entered, cards))
        await _move_on(session, plans)
    return {plan.reader.chat_id for plan in plans}


async def _of_unchanged(session: AsyncSession, plans: Sequence[Plan]) -> list[Plan]:
    """Keep others from changing the readers until the end, and let go of who was changed already."""
    asked = one_of(session, READERS.c.chat_id, [plan.reader.chat_id for plan in plans])
    columns = [READERS.c[name] for name in _DECISIVE]
    rows = await session.execute(hold(session, select(*columns).where(asked).order_by(READERS.c.chat_id)))
    current = {tuple(row) for row in rows}
    return [plan for plan in plans if _decisive(plan.reader) in current]


async def _of_papers_there(session: AsyncSession, plans: Sequence[Plan]) -> list[Plan]:
    """Let go of picks whose paper, or whose reason's, became part of another one or was removed."""
    named = {paper_id for plan in plans for paper_id in plan.papers}
    found = await session.execute(select(PAPERS.c.id).where(one_of(session, PAPERS.c.id, [*named])))
    if gone := named.difference(found.scalars()):
        return [plan for plan in plans if gone.isdisjoint(plan.papers)]
    return [*plans]


async def _of_papers_new_to_them(session: AsyncSession, plans: Sequence[Plan], since: datetime) -> list[Plan]:
    """Let go of picks that another digest has promised since they were made."""
    picked = {pick.paper_id for plan in plans for pick in plan.picks}
    given = await given_of(session, [plan.reader.chat_id for plan in plans if plan.picks], [*picked], since)
    pairs = {*zip(given.chat_ids.tolist(), given.paper_ids.tolist(), strict=True)}
    if not pairs:
        return [*plans]
    return [
        plan
        for plan in plans
        if not any((plan.reader.chat_id, pick.paper_id) in pairs for pick in plan.picks)
    ]


async def _enter_missed(session: AsyncSession, plans: Sequence[Plan], now: datetime) -> None:
    """Write down the days that were missed; nothing for those that have a row already."""
    missed = [(plan.reader.chat_id, day, why) for plan in plans for day, why in plan.missed.items()]
    if missed:
        chat_ids, days, reasons = zip(*missed, strict=True)
        await _enter(
            session,
            now,
            {
                DIGESTS.c.chat_id: chat_ids,
                DIGESTS.c.local_day: days,
                DIGESTS.c.layout: [Layout.LIST] * len(missed),
                DIGESTS.c.state: [State.SKIPPED] * len(missed),
                DIGESTS.c.why: reasons,
                DIGESTS.c.settled_at: [now] * len(missed),
            },
        )


async def _enter_leads(session: AsyncSession, plans: Sequence[Plan], now: datetime) -> dict[int, int]:
    """Give each local day its row; tell the row of each chat whose day had none."""
    states = [State.SKIPPED if plan.skipped else State.PLANNED for plan in plans]
    entered = await _enter(
        session,
        now,
        {
            DIGESTS.c.chat_id: [plan.reader.chat_id for plan in plans],
            DIGESTS.c.local_day: [plan.local_day for plan in plans],
            DIGESTS.c.layout: [Layout.LIST if plan.skipped else plan.reader.layout for plan in plans],
            DIGESTS.c.topic_id: [None if plan.skipped else plan.reader.topic_id for plan in plans],
            DIGESTS.c.state: states,
            DIGESTS.c.due_at: [now if state is State.PLANNED else None for state in states],
            DIGESTS.c.lack: [plan.lack for plan in plans],
            DIGESTS.c.why: [plan.skipped for plan in plans],
            DIGESTS.c.settled_at: [now if state is State.SKIPPED else None for state in states],
        },
    )
    return {chat_id: digest_id for digest_id, chat_id, _ in entered}


async def _enter_cards_behind(
    session: AsyncSession, entered: Sequence[tuple[int, Plan]], now: datetime
) -> dict[int, list[int]]:
    """Give each card but the first its row, not due before the one ahead is settled; tell them by that."""
    behind = [
        (lead_id, plan.reader)
        for lead_id, plan in entered
        if plan.reader.layout is Layout.CARDS
        for _ in plan.picks[1:]
    ]
    if not behind:
        return {}
    made = await _enter(
        session,
        now,
        {
            DIGESTS.c.chat_id: [reader.chat_id for _, reader in behind],
            DIGESTS.c.layout: [reader.layout for _, reader in behind],
            DIGESTS.c.topic_id: [reader.topic_id for _, reader in behind],
            DIGESTS.c.state: [State.PLANNED] * len(behind),
            DIGESTS.c.lead_id: [lead_id for lead_id, _ in behind],
        },
    )
    cards: dict[int, list[int]] = defaultdict(list)
    for digest_id, _, lead_id in sorted(made):  # cards are sent in the order of their ids
        cards[lead_id].append(digest_id)
    return cards


async def _enter(session: AsyncSession, now: datetime, values: dict[Any, Sequence[Any]]) -> Sequence[Any]:
    """Enter rows of daily digests; tell the id, chat and lead of each that there was room for."""
    common = {
        DIGESTS.c.kind: literal(Kind.DAILY.value),
        DIGESTS.c.planned_at: literal(now, DIGESTS.c.planned_at.type),
        DIGESTS.c.attempts: literal(0),
        DIGESTS.c.unanswered: literal(0),
    }
    handed = table_of(session, values)
    rows = select(*handed.c, *common.values()).where(true())  # SQLite would take ON for that of a join
    entered = await session.execute(
        insert(session, DIGESTS)
        .from_select([*values, *common], rows)
        .on_conflict_do_nothing(index_elements=ONE_A_DAY)
        .returning(DIGESTS.c.id, DIGESTS.c.chat_id, DIGESTS.c.lead_id)
    )
    return entered.all()


def _pick_rows(entered: Sequence[tuple[int, Plan]], cards: dict[int, list[int]]) -> Iterator[tuple[Any, ...]]:
    for lead_id, plan in entered:
        in_cards = plan.reader.layout is Layout.CARDS
        places = ((card, 0) for card in (lead_id, *cards.get(lead_id, ()))) if in_cards else None
        for position, pick in enumerate(plan.picks):
            place = next(places) if places else (lead_id, position)
            yield *place, *pick_row(pick)


async def _move_on(session: AsyncSession, plans: Sequence[Plan]) -> None:
    handed = table_of(
        session,
        {
            READERS.c.chat_id: [plan.reader.chat_id for plan in plans],
            READERS.c.next_due_at: [plan.next_due_at for plan in plans],
        },
    )
    moved = update(READERS).where(READERS.c.chat_id == handed.c.chat_id)
    await session.execute(moved.values(next_due_at=handed.c.next_due_at))


_PLACED_PICK = ("digest_id", "position", *PICK_NAMES)
# What a plan depends on. What a chat was asked for, or how it is spoken to, may change meanwhile.
_DECISIVE = (
    "chat_id",
    "hour",
    "timezone",
    "picks",
    "tell_empty",
    "state",
    "next_due_at",
    "days",
    "quiet_until",
    "on_arrival",
    "layout",
    "percentile",
    "topic_id",
)
_decisive = attrgetter(*_DECISIVE)

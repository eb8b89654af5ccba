"""What is told of the ledger in numbers, and that no query looks at more of it the more there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import settled
from delivered import deliver
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Pick, Slot
from storage import figures, health, inbox, leases, ledger, readers, verdicts
from storage.dialects import speaks_postgresql
from storage.figures import Backlog
from storage.inbox import KeptUpdate
from storage.ledger import Kind, State
from storage.readers import ReaderState
from storage.states import Layout

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TASTE, EXPLORE = Pick(1, 0.5, Slot.TASTE), Pick(2, 0.25, Slot.EXPLORE)


async def subscribe(session: AsyncSession, chat_id: int, now: datetime, **settings: Any) -> None:
    reader, _ = await readers.subscribe(session, chat_id, "private", now)
    await readers.save(session, replace(reader, **settings))


async def test_due_are_the_active_readers_whose_time_has_come(session: AsyncSession, now: datetime) -> None:
    for chat_id, age in ((5, 3), (6, 1), (7, -1)):
        await subscribe(session, chat_id, now, next_due_at=now - age * MINUTE)
    await subscribe(session, 8, now)
    await subscribe(session, 9, now, next_due_at=now - DAY, state=ReaderState.PAUSED)
    assert await figures.due(session, now) == Backlog(2, now - 3 * MINUTE)


async def test_where_nothing_waits_it_waits_since_never(session: AsyncSession, now: datetime) -> None:
    unsent = await figures.unsent(session)
    assert unsent == {State.PLANNED: Backlog(), State.SENDING: Backlog()}
    assert await figures.due(session, now) == await figures.untold(session) == Backlog()
    assert await health.slot_rates(session, now) == {}
    assert await figures.held_leases(session, now) == {}


async def test_unsent_is_what_is_planned_and_what_is_being_sent(session: AsyncSession, now: datetime) -> None:
    """Since it was planned, also where it was put off since; what is settled or waits for a card is not."""
    for chat_id, age in ((5, 9), (6, 3), (7, 2)):
        await ledger.plan(session, chat_id, Kind.ASKED, [TASTE], now - age * MINUTE)
    (claimed,) = await ledger.claim(session, now, DAY, 1)
    await settled.put_off(session, claimed.id, now + DAY, "flood control")
    await ledger.claim(session, now, DAY, 1)
    await deliver(session, 8, now - DAY, [TASTE])
    await ledger.plan(session, 9, Kind.ASKED, [TASTE, EXPLORE], now, layout=Layout.CARDS)
    assert await figures.unsent(session) == {
        State.PLANNED: Backlog(3, now - 9 * MINUTE),
        State.SENDING: Backlog(1, now - 3 * MINUTE),
    }


async def test_untold_is_what_is_not_set_aside(session: AsyncSession, now: datetime) -> None:
    told = [KeptUpdate(id_, 5, "{}", now - id_ * MINUTE) for id_ in (1, 2, 3)]
    await inbox.keep(session, told)
    await inbox.set_aside(session, 3)
    assert await figures.untold(session) == Backlog(2, now - 2 * MINUTE)


async def test_a_backlog_is_counted_up_to_a_bound_the_longest_of_it_first(
    session: AsyncSession, now: datetime
) -> None:
    for chat_id in range(5, 11):
        await subscribe(session, chat_id, now, next_due_at=now - chat_id * MINUTE)
        await ledger.plan(session, chat_id, Kind.ASKED, [TASTE], now - chat_id * MINUTE)
    await inbox.keep(session, [KeptUpdate(id_, 5, "{}", now) for id_ in range(6)])
    assert await figures.due(session, now, 4) == Backlog(4, now - 10 * MINUTE)
    assert (await figures.unsent(session, 4))[State.PLANNED] == Backlog(4, now - 10 * MINUTE)
    assert (await figures.untold(session, 4)).number == 4


async def test_a_lease_is_held_until_it_runs_out(session: AsyncSession) -> None:
    """By the clock that all share: that of PostgreSQL, else the caller's."""
    now = datetime.now().astimezone()
    await leases.take(session, "ticking", "one", DAY, now)
    await leases.take(session, "listening", "one", -DAY, now)
    assert await figures.held_leases(session, now) == {"listening": False, "ticking": True}


async def test_a_lease_that_was_given_up_is_held_by_nobody(session: AsyncSession) -> None:
    """It is told so, for what is not told at all raises no alert."""
    now = datetime.now().astimezone()
    await leases.take(session, "ticking", "one", DAY, now)
    await leases.give_up(session, "ticking", "one", now)
    assert await figures.held_leases(session, now) == {"ticking": False}


async def test_no_figure_walks_through_a_table(session: AsyncSession, now: datetime) -> None:
    """Each finds its rows along an index; PostgreSQL is kept from walking, which it does in small tables."""
    await ledger.plan(session, 5, Kind.ASKED, [TASTE], now)
    asked: list[tuple[str, Any]] = []
    engine = session.get_bind().engine
    assert isinstance(engine, Engine)

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    await figures.due(session, now)
    await figures.unsent(session)
    await health.slot_rates(session, now - DAY)
    await health.failures(session, now - DAY, 5)
    await ledger.counts(session, now - DAY)
    await verdicts.on_taste(session, now - DAY, 5)
    event.remove(engine, "before_cursor_execute", note)
    connection = await session.connection()
    is_postgresql = speaks_postgresql(session)
    if is_postgresql:
        await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    explain = "EXPLAIN " if is_postgresql else "EXPLAIN QUERY PLAN "
    for statement, parameters in asked:
        plan = "\n".join(map(str, await connection.exec_driver_sql(explain + statement, parameters)))
        assert "Seq Scan" not in plan, (statement, plan)
        walks = [
            line
            for line in plan.splitlines()
            if "SCAN " in line and "INDEX" not in line and "CONSTANT ROW" not in line
        ]
        assert all("(subquery" in line or "anon_" in line for line in walks), (statement, plan)

"""What the doctor says of work that waits, of the processes, and of the server that they share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.checkups.findings import Finding, Health
from bot.checkups.work import examine_work, judge_server
from bot.clock import utc_now
from storage import leases, ledger, readers
from storage.database import Database
from storage.ledger import Kind
from storage.server import Server

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    yield database
    await database.close()


async def found(database: Database) -> dict[str, Finding]:
    return {finding.part: finding for finding in await examine_work(database)}


async def test_where_nothing_waits_all_is_well(database: Database) -> None:
    findings = await found(database)
    for part in ("Updates", "Planning", "Delivery"):
        assert findings[part].health is Health.WELL
        assert findings[part].says.startswith("nothing waits to be ")


async def test_who_is_due_for_long_is_told_with_what_to_start(database: Database) -> None:
    async with database.writing() as session:
        reader, _ = await readers.subscribe(session, 7, "private", NOW)
        await readers.save(session, replace(reader, next_due_at=utc_now() - timedelta(minutes=182)))
    finding = (await found(database))["Planning"]
    role = " --role plan" if database.is_shared else ""
    assert finding.health is Health.HINT
    assert finding.says == f"1 to be planned, the first for 3 h 2 min. Is `paperboy run{role}` running?"


async def test_what_was_planned_just_now_is_well(database: Database) -> None:
    async with database.writing() as session:
        await ledger.plan(session, 7, Kind.ASKED, [], utc_now())
    finding = (await found(database))["Delivery"]
    assert (finding.health, finding.says) == (Health.WELL, "1 to be sent, the first for 0 min")


async def test_what_is_planned_and_not_sent_is_told(database: Database) -> None:
    async with database.writing() as session:
        await ledger.plan(session, 7, Kind.ASKED, [], utc_now() - timedelta(minutes=6))
    finding = (await found(database))["Delivery"]
    assert finding.health is Health.HINT
    assert "1 to be sent, the first for 6 min" in finding.says


@pytest.fixture
async def shared(bare_postgres_url: str) -> AsyncIterator[Database]:
    database = Database(bare_postgres_url)
    await database.open()
    yield database
    await database.close()


async def test_the_server_is_told_and_its_clock_compared(shared: Database) -> None:
    findings = await found(shared)
    assert findings["Server"].says.startswith("PostgreSQL ")
    assert findings["Clock"].health is Health.WELL
    assert " of " in findings["Connections"].says


async def test_without_a_lease_nobody_runs(shared: Database) -> None:
    finding = (await found(shared))["Leases"]
    assert finding.health is Health.HINT
    assert "no process holds any: start them" in finding.says


async def test_who_holds_a_lease_is_named(shared: Database) -> None:
    async with shared.writing() as session:
        await leases.take(session, "ticking", "host-a/12/abc", timedelta(minutes=1), NOW)
    finding = (await found(shared))["Lease of ticking"]
    assert (finding.health, finding.says) == (Health.WELL, "held by host-a/12/abc")


async def test_a_lease_that_ran_out_is_a_hint(shared: Database) -> None:
    async with shared.writing() as session:
        await leases.take(session, "ticking", "host-a/12/abc", timedelta(minutes=-1), NOW)
    finding = (await found(shared))["Lease of ticking"]
    assert finding.health is Health.HINT
    assert "by host-a/12/abc before: is a process of its role running?" in finding.says


@pytest.mark.parametrize(
    ("seen", "skew", "part", "health", "words"),
    [
        (Server(13, NOW, 9, 100), 0, "Server", Health.BROKEN, "is too old: bring it to 14 or newer"),
        (Server(14, NOW, 9, 100), 0, "Server", Health.WELL, "PostgreSQL 14"),
        (Server(18, NOW, 90, 100), 0, "Connections", Health.WELL, "90 of 100 in use"),
        (Server(18, NOW, 91, 100), 0, "Connections", Health.HINT, "raise the server's max_connections"),
        (Server(18, NOW, 9, 100), -1.9, "Clock", Health.WELL, "as the server's, to 1.9 s"),
        (Server(18, NOW, 9, 100), 90, "Clock", Health.HINT, "90 s behind the server's: have both set by NTP"),
        (Server(18, NOW, 9, 100), -90, "Clock", Health.HINT, "90 s ahead of the server's: have both set"),
    ],
)
def test_a_server_that_does_not_do_is_told_with_what_to_do(
    seen: Server, skew: float, part: str, health: Health, words: str
) -> None:
    judged = {finding.part: finding for finding in judge_server(seen, timedelta(seconds=skew))}
    assert judged[part].health is health
    assert words in judged[part].says

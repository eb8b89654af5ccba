from __future__ import annotations

from datetime import datetime, timedelta

from storage import leases
from storage.database import Database

LASTS = timedelta(seconds=20)
OVER = timedelta(seconds=-1)  # a lease that has run out as soon as it is taken, by whosever clock


async def take(database: Database, holder: str, now: datetime, lasts: timedelta = LASTS) -> bool:
    async with database.writing() as session:
        return await leases.take(session, "ticking", holder, lasts, now)


async def test_one_at_a_time_holds_a_lease(database: Database, now: datetime) -> None:
    assert await take(database, "first", now)
    assert not await take(database, "second", now)
    assert await take(database, "first", now), "who holds it renews it"
    async with database.reading() as session:
        (lease,) = await leases.held(session)
    assert (lease.name, lease.holder) == ("ticking", "first")


async def test_a_lease_that_ran_out_is_anybodys(database: Database, now: datetime) -> None:
    assert await take(database, "first", now, OVER)
    assert await take(database, "second", now)
    assert not await take(database, "first", now)


async def test_a_lease_that_was_given_up_is_free_at_once(database: Database, now: datetime) -> None:
    assert await take(database, "first", now)
    async with database.writing() as session:
        await leases.give_up(session, "ticking", "second", now)
    assert not await take(database, "second", now), "nobody gives up what is another's"
    async with database.writing() as session:
        await leases.give_up(session, "ticking", "first", now)
    assert await take(database, "second", now)

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import invites
from storage.database import Database
from storage.invites import Invite


async def test_a_code_lets_in_as_many_as_it_says(session: AsyncSession, now: datetime) -> None:
    """Then it is used up; an unknown code lets nobody in, nor does one in other capitals."""
    await invites.put(session, Invite("Bird", 2), now)
    assert [await invites.use(session, "Bird") for _ in range(3)] == [True, True, False]
    assert not await invites.use(session, "bird")
    assert not await invites.use(session, "")


async def test_a_code_is_used_up_under_concurrency(database: Database, now: datetime, url: str) -> None:
    """Of twenty chats that come at once, by two processes, as many get in as the code says."""
    async with database.writing() as session:
        await invites.put(session, Invite("bird", 7), now)
    second = Database(url)

    async def use(process: Database) -> bool:
        async with process.writing() as session:
            return await invites.use(session, "bird")

    let_in = await asyncio.gather(*(use(process) for process in [database, second] * 10))
    await second.close()
    assert sum(let_in) == 7


async def test_open_invites_are_listed_newest_first(session: AsyncSession, now: datetime) -> None:
    """Those that are used up are left out."""
    await invites.put(session, Invite("old", 1), now - timedelta(hours=1))
    await invites.put(session, Invite("new", 3), now)
    await invites.put(session, Invite("used", 1), now)
    await invites.use(session, "used")
    await invites.use(session, "new")
    assert await invites.all_open(session) == [Invite("new", 2), Invite("old", 1)]


async def test_an_invite_can_be_taken_back(session: AsyncSession, now: datetime) -> None:
    """It lets nobody in any more; it is told whether it was there."""
    await invites.put(session, Invite("bird", 3), now)
    assert await invites.remove(session, "bird")
    assert not await invites.remove(session, "bird")
    assert not await invites.use(session, "bird")

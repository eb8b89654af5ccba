from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import polls
from storage.polls import Poll

HOUR = timedelta(hours=1)


async def test_a_failure_keeps_when_the_source_was_last_reached(session: AsyncSession, now: datetime) -> None:
    await polls.note(session, "list", now - HOUR)
    await polls.note(session, "list", now, "no route")
    assert await polls.since(session, now - HOUR) == [Poll("list", now, now - HOUR, "no route")]


async def test_a_source_that_answers_again_is_well(session: AsyncSession, now: datetime) -> None:
    await polls.note(session, "list", now - HOUR, "no route")
    assert await polls.since(session, now - HOUR) == [Poll("list", now - HOUR, None, "no route")]
    await polls.note(session, "list", now)
    assert await polls.since(session, now - HOUR) == [Poll("list", now, now, None)]


async def test_a_source_that_is_asked_no_more_is_left_out(session: AsyncSession, now: datetime) -> None:
    await polls.note(session, "gone", now - 2 * HOUR)
    await polls.note(session, "b", now)
    await polls.note(session, "a", now)
    assert [poll.source for poll in await polls.since(session, now - HOUR)] == ["a", "b"]

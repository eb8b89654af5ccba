from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import polls
from storage.polls import Poll

HOUR = timedelta(hours=1)


async def test_the_last_state_of_a_source_stands(session: AsyncSession, now: datetime) -> None:
    await polls.put(session, Poll("list", now - HOUR, now - HOUR, now - HOUR))
    failed = Poll("list", now, now - HOUR, now - HOUR, "no route", 3, now + HOUR)
    await polls.put(session, failed)
    assert await polls.get(session, "list") == failed
    assert await polls.get(session, "other") is None


async def test_news_are_noted_of_a_source_amid_its_first_poll(session: AsyncSession, now: datetime) -> None:
    await polls.note_news(session, "list", now)
    assert await polls.get(session, "list") == Poll("list", asked_at=now, added_at=now)


async def test_news_take_nothing_back_of_how_a_source_stands(session: AsyncSession, now: datetime) -> None:
    await polls.put(session, Poll("list", now, None, now, "no route", 3, now + HOUR, retry_asked=True))
    await polls.note_news(session, "list", now + HOUR)
    told = Poll("list", now, None, now + HOUR, "no route", 3, now + HOUR, retry_asked=True)
    assert await polls.get(session, "list") == told

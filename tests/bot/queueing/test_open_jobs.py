"""How many jobs are open, as whoever watches reads it from the queue's own table."""

from __future__ import annotations

from due_chats import NOW, DueChats

from bot.queueing.open_jobs import count_open
from bot.queueing.plan_queue import PlanQueue
from storage.database import Database


async def counted(database: Database) -> dict[str, int]:
    async with database.reading() as session:
        return await count_open(session)


async def test_jobs_are_counted_from_the_first_queue_on(bare_postgres_url: str) -> None:
    """Where there is no queue yet, there is nothing to count, and nothing fails."""
    database = Database(bare_postgres_url)
    assert await counted(database) == {}
    queue = PlanQueue(bare_postgres_url, DueChats([5, 6]), lambda: NOW)
    await queue.open()
    assert await counted(database) == {"todo": 0, "doing": 0}
    await queue.hand_out(NOW)
    assert await counted(database) == {"todo": 1, "doing": 0}
    await queue.close()
    await database.close()

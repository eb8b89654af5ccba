"""A process that sends for a bot: messages as its limiter lets them go, and when each left on its output.

python paced_process.py DATABASE_URL FIRST_CHAT MESSAGES
"""

from __future__ import annotations

import asyncio
import sys
import time

from bot.clock import utc_now
from bot.pacing.bucket import DatabaseBucket
from bot.pacing.limiter import Limiter
from bot.pacing.limits import Limits, Urgency
from storage.database import Database


async def send(url: str, first_chat: int, messages: int) -> None:
    """Push a message into so many chats."""
    database = Database(url)
    limiter = Limiter(Limits(), bucket=DatabaseBucket(database, utc_now))

    async def leave() -> bool:
        sys.stdout.write(f"{time.monotonic()}\n")
        return True

    chats = range(first_chat, first_chat + messages)
    async with asyncio.TaskGroup() as sending:
        for chat in chats:
            call = limiter.process_request(leave, (), {}, "sendMessage", {"chat_id": chat}, Urgency.PUSH)
            sending.create_task(call)
    await limiter.shutdown()
    await database.close()


if __name__ == "__main__":
    asyncio.run(send(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

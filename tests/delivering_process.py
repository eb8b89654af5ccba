"""A process that delivers for a bot what is due, a message a second, under leases as short as it is told.

python delivering_process.py DATABASE_URL API_URL LEASE_SECONDS
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from bot.chat.application import TelegramAccess, build_application
from bot.clock import utc_now
from bot.delivering.delivery import Deliverer
from bot.delivering.in_hand import InHand
from bot.pacing.limits import Limits
from storage.database import Database

TOKEN = "4242424242:a-token-that-opens-a-post-office"


async def deliver(url: str, api_url: str, lease: timedelta) -> None:
    """Send what falls due, until the process is ended."""
    database = Database(url)
    application = build_application(TelegramAccess(TOKEN, api_url, Limits(per_second=1.0)))
    in_hand = InHand(database, utc_now, lease)
    bot, late = application.bot, timedelta(hours=12)
    deliverer = Deliverer(database, bot, utc_now, late, lambda: 0.0, in_hand=in_hand)
    await application.initialize()
    while True:
        await deliverer.deliver_due()
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(deliver(sys.argv[1], sys.argv[2], timedelta(seconds=float(sys.argv[3]))))

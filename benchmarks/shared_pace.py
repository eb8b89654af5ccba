"""The pace that several processes share on one PostgreSQL, counted where the messages arrive.

Each of some processes pushes all it may, and one more is tapped now and then; all are the bot's own way to
Telegram, from its limiter to its connections, into one post office that counts. `benchmarks.pace` calls this.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import NullPool, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from telegram.ext import ExtBot

from benchmarks.postoffice import PostOffice, opened
from benchmarks.report import Figure
from bot.chat.application import TelegramAccess, build_application
from bot.clock import utc_now
from bot.pacing.bucket import DatabaseBucket
from bot.pacing.limits import Limits, Urgency
from storage.database import Database

LANE = 20  # pushes that wait all the time, in each process
TAP_PAUSE = 0.25
WARM_UP = 3.0  # seconds in which connections are opened; not counted
PER_SECOND = 30
TOKEN = "4711:bench"  # noqa: S105 - nobody's


async def measure(postgres: str, processes: int, seconds: float) -> list[Figure]:
    """Measure answers of an idle bot, then pushes of so many processes and answers beside them."""
    async with database_made(postgres) as database, opened(office := PostOffice()) as url:
        (idle,) = await asyncio.gather(_run_child(database, url, seconds / 4, pushes=0))
        office.letters.clear()
        async with asyncio.TaskGroup() as group:
            for _ in range(processes):
                group.create_task(_run_child(database, url, seconds + WARM_UP, pushes=LANE))
            tapped = group.create_task(_run_child(database, url, seconds + WARM_UP, pushes=0))
    arrivals = [letter.at for letter in office.letters]
    name = f"{processes} processes"
    return [
        *_tell_waits("an idle bot", idle),
        *_tell_arrivals(name, arrivals, seconds),
        *_tell_waits(name, tapped.result()),
    ]


@asynccontextmanager
async def database_made(server: str) -> AsyncIterator[str]:
    """Make a database of Paperboy's on a server; it is gone afterwards."""
    name = f"paperboy_{uuid4().hex}"
    await _order(server, f"CREATE DATABASE {name}")
    try:
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        database = Database(url)
        await database.open()
        await database.close()
        yield url
    finally:
        await _order(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _order(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))


async def _run_child(database: str, office: str, seconds: float, *, pushes: int) -> list[float]:
    """Send for so long from a process of its own; tell how long each answer took."""
    told = json.dumps([database, office, seconds, pushes])
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __spec__.name, told, stdout=asyncio.subprocess.PIPE
    )
    answered, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError("a process that sends has failed; its words are above")
    return [float(wait) for wait in json.loads(answered)]


async def _send(url: str, office: str, seconds: float, pushes: int) -> list[float]:
    database = Database(url)
    application = build_application(
        TelegramAccess(TOKEN, office, Limits(per_second=PER_SECOND)), DatabaseBucket(database, utc_now)
    )
    async with application:
        try:
            return await _send_on(application.bot, seconds, pushes)
        finally:
            await database.close()


async def _send_on(bot: ExtBot[Any], seconds: float, pushes: int) -> list[float]:
    """Push, or where there is nothing to push answer now and then."""
    chats, end = count(time.time_ns()), time.monotonic() + seconds

    async def push_on() -> None:
        while time.monotonic() < end:
            await bot.send_message(next(chats), "A digest", rate_limit_args=Urgency.PUSH)

    async def tap_on() -> list[float]:
        waits = []
        while (begun := time.monotonic()) < end:
            await bot.send_message(next(chats), "Noted")
            waits.append(time.monotonic() - begun)
            await asyncio.sleep(TAP_PAUSE)
        return waits

    await asyncio.gather(*(push_on() for _ in range(pushes)))
    return [] if pushes else await tap_on()


def _tell_arrivals(name: str, arrivals: Sequence[float], seconds: float) -> list[Figure]:
    begun = arrivals[0] + WARM_UP
    counted = arrivals[bisect_left(arrivals, begun) : bisect_left(arrivals, begun + seconds - WARM_UP)]
    rate = (len(counted) - 1) / (counted[-1] - counted[0])
    seconds_from = [bisect_left(arrivals, first + 1) - place for place, first in enumerate(arrivals)]
    return [
        Figure(f"{name}: messages a second", rate, "/s", "29.4 to 30"),
        Figure(f"{name}: most in any second", max(seconds_from), "", "at most 30"),
        Figure(
            f"{name}: seconds with more, of {len(arrivals)}",
            sum(most > PER_SECOND for most in seconds_from),
            "",
            "0",
        ),
    ]


def _tell_waits(name: str, waits: Sequence[float]) -> list[Figure]:
    ordered = sorted(waits)
    return [
        Figure(f"{name}: an answer takes, median", 1000 * statistics.median(ordered), "ms"),
        Figure(f"{name}: an answer takes, 99th percentile", 1000 * ordered[int(0.99 * len(ordered))], "ms"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("told", type=json.loads)
    print(json.dumps(asyncio.run(_send(*parser.parse_args().told))))

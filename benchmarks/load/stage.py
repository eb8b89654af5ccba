"""What all loads share: the post office and the bot brought together, and the bot's file to be read."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.child import Child, Upbringing, raised
from benchmarks.load.subscribers import fill
from benchmarks.postoffice import PostOffice, opened
from benchmarks.report import Figure
from bot.clock import utc_now

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Stage:
    """A bot at work, and the office that it writes to.

    Attributes:
        began: The moment at which the bot answered, by the office's clock.
    """

    office: PostOffice
    child: Child
    began: float = field(default_factory=time.monotonic)
    _worked: float = field(default_factory=time.process_time)

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """Read the bot's database as it is now."""
        file = self.child.upbringing.database
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def seconds(self) -> float:
        """Tell how long the bot has been at it."""
        return time.monotonic() - self.began

    def judge_itself(self) -> list[Figure]:
        """Tell whether the measuring was in the way: the office's processor time, the machine's load."""
        share = (time.process_time() - self._worked) / self.seconds()
        return [
            Figure("processor time of the office", 100 * share, "%", "well under 100"),
            Figure("load of the machine in the last minute", os.getloadavg()[0], ""),
        ]


@asynccontextmanager
async def staged(
    office: PostOffice, *, served: int = 0, waiting: int = 0, is_paced: bool, tick: float = 0.2
) -> AsyncIterator[Stage]:
    """Fill a database, start the bot on it, and end it afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        await fill(Path(folder), utc_now(), served=served, waiting=waiting)
        async with opened(office) as url:
            upbringing = Upbringing(url, Path(folder), tick=tick, is_paced=is_paced)
            async with raised(upbringing) as child:
                yield Stage(office, child)


async def until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, at most so many seconds; tell whether it came to be."""
    ends = time.monotonic() + seconds
    while not is_so() and time.monotonic() < ends:  # noqa: ASYNC110 - another process is looked at from outside
        await asyncio.sleep(_LOOK_SECONDS)
    return is_so()

"""A million readers on one PostgreSQL: from due to planned, and from planned to sent.

    python -m benchmarks.million [--readers N ...] [--papers 100000] [--digests 50000] [--json]

Without --readers it is 10,000, 100,000 and 1,000,000, and the slope says how the cost grows: 1 is linear. The
greatest crowd is delivered to as well. It takes half an hour, and 20 GB of disk for a million.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.child import SharedClock
from benchmarks.million.crew import Workplace
from benchmarks.million.morning import Morning, live_through
from benchmarks.million.rush import keep_pace, rush
from benchmarks.million.server import Server, served
from benchmarks.million.town import DUE, Size, fill
from benchmarks.postoffice import PostOffice, opened
from benchmarks.report import Figure, report

CROWDS = (10_000, 100_000, 1_000_000)
PACED_SECONDS = 60.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, nargs="+", default=CROWDS)
    parser.add_argument("--votes", type=int, default=20, help="of each reader")
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--candidates", type=int, default=200)
    parser.add_argument("--digests", type=int, default=50_000, help="so many are delivered; 0 for none")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    mornings = []
    for readers in sorted(arguments.readers):
        size = Size(readers, arguments.papers, arguments.candidates, arguments.votes)
        digests = arguments.digests if readers == max(arguments.readers) else 0
        mornings.append(asyncio.run(_measure(size, digests, as_json=arguments.json)))
    report(_conclude(mornings), as_json=arguments.json)


async def _measure(size: Size, digests: int, *, as_json: bool) -> Morning:
    """Measure one crowd on a server of its own."""
    office = PostOffice()
    with tempfile.TemporaryDirectory() as folder:
        async with served() as server, opened(office) as api_url:
            await fill(server.url, size)
            clock = SharedClock.begin(Path(folder) / "clock", DUE - timedelta(minutes=1))
            place = Workplace(server.url, api_url, Path(folder), clock)
            morning = await live_through(server, place, size.readers)
            report(morning.figures(), as_json=as_json)
            if digests:
                report(await _deliver(server, place, office, digests), as_json=as_json)
            return morning


async def _deliver(server: Server, place: Workplace, office: PostOffice, digests: int) -> list[Figure]:
    rushed = await rush(server, place, office, digests)
    return [*rushed.figures(), *await keep_pace(server, place, office, PACED_SECONDS)]


def _conclude(mornings: Sequence[Morning]) -> Iterator[Figure]:
    if len(mornings) > 1:
        readers, seconds = np.log([(morning.readers, morning.seconds) for morning in mornings]).T
        slope = float(np.polyfit(readers, seconds, 1)[0])
        yield Figure("slope of the seconds, log over log", slope, "", "about 1")
    yield Figure("load of the machine in the last minute", os.getloadavg()[0], "")


if __name__ == "__main__":
    main()

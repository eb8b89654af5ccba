"""A newsstand in a process of its own: `python -m benchmarks.newsstand [--first 2024-03-01] [--days 580]`.

Prints its address, and for each line that it is sent how many requests there have been, until its standard
input ends. It sells real papers where ../shared has them.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.newsstand import Newsstand, World, invent, record

_SHARED = Path(__file__).parents[3] / "shared"


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2024, 3, 1), help="first day")
    parser.add_argument("--days", type=int, default=580, help="how many days have lists")
    parser.add_argument("--at", type=datetime.fromisoformat, help="when it is, with an offset; else as it is")
    arguments = parser.parse_args()
    asyncio.run(_serve(_world(arguments.first, arguments.days), arguments.at))


def _world(first: date, days: int) -> World:
    there = (_SHARED / "data" / "arxiv" / "daily_20k.jsonl.gz").is_file()
    return record(_SHARED, first, days) if there else invent(first, days)


async def _serve(world: World, at: datetime | None) -> None:
    async with Newsstand(world, lambda: at or datetime.now(UTC)) as stand:
        print(stand.url, flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(len(stand.asked), flush=True)


if __name__ == "__main__":
    main()

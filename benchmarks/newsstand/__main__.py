"""A newsstand in a process of its own: `python -m benchmarks.newsstand [--first 2024-03-01] [--days 580]`.

Prints its address, and for each line that it is sent how many requests there have been, until its standard
input ends. A line may be a trouble for all requests from now on: ``down``, ``cut``, ``slow SECONDS`` or
``status CODE [RETRY-AFTER]``; ``back`` ends them. It sells real papers where ../shared has them.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.newsstand import Newsstand, World, invent, record

_TROUBLES = "down | cut | slow SECONDS | status CODE [RETRY-AFTER] | back"
_SHARED = Path(__file__).parents[3] / "shared"


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=date.fromisoformat, help="first day; else today is the last")
    parser.add_argument("--days", type=int, default=580, help="how many days have lists")
    parser.add_argument("--at", type=datetime.fromisoformat, help="when it is, with an offset; else as it is")
    arguments = parser.parse_args()
    at = arguments.at or datetime.now(UTC)
    first = arguments.first or at.date() - timedelta(days=arguments.days - 1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # at once: a thread waits for a line
    asyncio.run(_serve(_world(first, arguments.days), arguments.at))


def _world(first: date, days: int) -> World:
    there = (_SHARED / "data" / "arxiv" / "daily_20k.jsonl.gz").is_file()
    return record(_SHARED, first, days) if there else invent(first, days)


async def _serve(world: World, at: datetime | None) -> None:
    async with Newsstand(world, lambda: at or datetime.now(UTC)) as stand:
        print(stand.url, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(_obey(stand, line), flush=True)


def _obey(stand: Newsstand, line: str) -> str:
    """Do as told; tell how many requests there have been, or what can be told."""
    try:
        match line.split():
            case []:
                pass
            case ["down"]:
                stand.go_down()
            case ["cut"]:
                stand.cut_bodies()
            case ["slow", seconds]:
                stand.drip(float(seconds))
            case ["status", code]:
                stand.answer_status(int(code))
            case ["status", code, wait]:
                stand.answer_status(int(code), retry_after=wait)
            case ["back"]:
                stand.come_back()
            case _:
                return _TROUBLES
    except ValueError:
        return _TROUBLES
    return str(len(stand.asked))


if __name__ == "__main__":
    main()

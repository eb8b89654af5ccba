"""Measures what the bot bears: ``python -m benchmarks.load [--only push|paced|presses|soak] [--json]``.

push: everybody due at once, no limits. paced: ten minutes at Telegram's limits. presses: 200 a second while a
push of 50,000 is under way, at the limits and without. soak: sixty days of digests, presses and searches in
some minutes, and what that leaves in memory.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator

from benchmarks.load import paced, presses, push, soak
from benchmarks.report import Figure, report

LOADS = ("push", "paced", "presses", "soak")
_PACED, _PRESSES = 600.0, 60.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=LOADS)
    parser.add_argument("--seconds", type=float, help="how long to push at the limits, or to press")
    parser.add_argument("--readers", type=int, help="how many a push goes to, or a soak has")
    parser.add_argument("--days", type=int, default=soak.DAYS, help="how many days to soak")
    parser.add_argument("--json", action="store_true", help="one JSON object a figure")
    asyncio.run(_print_all(parser.parse_args()))


async def _print_all(arguments: argparse.Namespace) -> None:
    async for figures in _measure(arguments):
        report(figures, arguments.json)


async def _measure(arguments: argparse.Namespace) -> AsyncIterator[list[Figure]]:
    wanted = {arguments.only} if arguments.only else set(LOADS)
    if "push" in wanted:
        yield await push.measure(arguments.readers or push.READERS)
    if "paced" in wanted:
        yield await paced.measure(arguments.seconds or _PACED)
    if "presses" in wanted:
        yield await presses.measure(arguments.seconds or _PRESSES)
        yield await presses.measure(arguments.seconds or _PRESSES, is_paced=False)
    if "soak" in wanted:
        yield await soak.measure(arguments.days, arguments.readers or soak.READERS)


if __name__ == "__main__":
    main()

"""Kills the bot again and again, and counts what it cost: ``python -m benchmarks.crash``."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.crash.ordeal import Aftermath, Orders, StuckError, undergo
from benchmarks.report import Figure, report

_MOST_TOLD = 20


def main() -> None:
    """Run it and print its figures; exit 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--readers", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="an empty folder for the database, which is kept")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    orders = Orders(arguments.kills, arguments.readers, arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        try:
            aftermath = asyncio.run(undergo(arguments.keep or Path(folder), orders))
        except StuckError as error:
            raise SystemExit(f"{error}\nseed {orders.seed}") from None
    report(_figures(aftermath), as_json=arguments.json)
    _tell_words(aftermath)
    if broken := list(aftermath.verdict.broken):
        told = "\n".join(broken[:_MOST_TOLD])
        raise SystemExit(
            f"{len(broken)} promises were broken with seed {orders.seed}, the first of them:\n{told}"
        )


def _figures(aftermath: Aftermath) -> Iterator[Figure]:
    verdict = aftermath.verdict
    yield Figure("kills", aftermath.kills, "kills")
    yield Figure("due", verdict.due, "digests")
    yield Figure("sent", verdict.states["sent"], "messages")
    yield Figure("lost", len(verdict.lost), "digests", "0")
    yield Figure("duplicates", len(verdict.duplicates), "messages", "at most what was in flight")
    yield Figure("in_flight_at_kills", aftermath.in_flight, "messages")
    yield Figure("votes", aftermath.votes, "presses")
    yield Figure("votes_lost", len(verdict.votes_lost), "votes", "0")
    yield Figure("skipped", verdict.states["skipped"], "messages")
    yield Figure("failed", verdict.states["failed"], "messages", "those who blocked the bot")
    yield Figure("presses_unanswered", aftermath.unanswered, "presses")
    yield Figure("letters", aftermath.letters, "messages")
    yield Figure("broken", len(list(verdict.broken)), "promises", "0")
    yield Figure("days", aftermath.days, "days")
    yield Figure("seconds", aftermath.seconds, "s")
    for way, times in aftermath.ways.items():
        yield Figure(f"killed while {way}", times, "kills")


def _tell_words(aftermath: Aftermath) -> None:
    """Tell the last of what the bot wrote to its log."""
    if aftermath.words:
        print(f"{len(aftermath.words)} lines of log, the last of them:", file=sys.stderr)
        sys.stderr.writelines(aftermath.words[-_MOST_TOLD:])


if __name__ == "__main__":
    main()

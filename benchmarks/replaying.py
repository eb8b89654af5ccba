"""Which sets and events a benchmark replays: the options for it, and the reading of what they choose."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.measuring.replays import read_replay
from recommender.replay import Half, ReplaySet


def replay_parser(description: str | None) -> argparse.ArgumentParser:
    """Make a parser with the options that all replaying benchmarks share."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("replay_dirs", nargs="+", type=Path, metavar="REPLAY_DIR")
    parser.add_argument("--max-events", type=int, metavar="N", help="replay at most N events of a set")
    parser.add_argument("--half", choices=("tune", "report"), help="only one half of each set's users")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON lines")
    form.add_argument("--markdown", action="store_true", help="print tables in Markdown")
    return parser


def read_chosen(folder: Path, most: int | None, half: Half | None) -> ReplaySet:
    """Read a set: of one half of its users, or of all, at most so many events.

    Raises:
        ReplayError: It cannot be used.
    """
    replay = read_replay(folder)
    replay = replay.half(half) if half else replay
    return replay.sample(most) if most else replay

"""All faults in random mixtures: ``python -m benchmarks.chaos [--seconds 60] [--seed 1] [--json]``.

Storms until the time is up; after each, nothing may be lost, nothing may have come twice, and nothing may be
whose it is not. The same seed brings the same dice; what falls between two processes, no seed holds. What is
found wrong is printed with the seed and the storm, and ends it with exit 1.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.chaos.scene import Scene, set_up
from benchmarks.chaos.storms import rage
from benchmarks.report import Figure, report


def main() -> None:
    """Rage and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="no storm begins after them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object a figure")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures, found = asyncio.run(endure(Path(folder), arguments.seed, arguments.seconds))
    report(figures, arguments.json)
    sys.exit(1 if found else 0)


async def endure(folder: Path, seed: int, seconds: float) -> tuple[list[Figure], list[str]]:
    """Let storms rage over a bot in a folder, until one breaks something; count, and tell what it broke."""
    storms, found = 0, list[str]()
    async with set_up(folder, seed) as scene:
        ends = time.monotonic() + seconds
        while not found and time.monotonic() < ends:
            storms += 1
            found = await rage(scene)
            sys.stderr.write(f"storm {storms}: {scene.clock():%Y-%m-%d %H:%M}, {len(found)} found\n")
        for words in found:
            sys.stderr.write(f"seed {seed}, storm {storms}: {words}\n")
        return [*_count(scene, storms), Figure("violations", len(found), "", "0")], found


def _count(scene: Scene, storms: int) -> list[Figure]:
    states = scene.read("select state, count(*) from digests group by state order by state")
    ((votes,),) = scene.read("select count(*) from votes")
    counts = {
        "storms": storms,
        "starts of the bot": scene.child.starts,
        **{f"mishap: {what}": count for what, count in sorted(scene.struck.items())},
        **{f"Telegram: {what}": count for what, count in sorted(scene.weather.struck.items())},
        **{f"readers: {what}": count for what, count in sorted(scene.crowd.done.items())},
        "letters": len(scene.office.letters),
        **{f"digests {state}": count for state, count in states},
        "votes": votes,
        "load of the machine": os.getloadavg()[0],
    }
    return [Figure(name, count, "") for name, count in counts.items()]


if __name__ == "__main__":
    main()

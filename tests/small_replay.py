"""A small replay set in three plain subjects: on disk, or as a value; whoever liked bees chooses bees."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SUBJECTS = {
    "bee": "Honey bees dance for nectar near their hive, and the hive reads the waggle dance of bees",
    "sail": "A sailing boat is steered by its keel and rudder while the canvas sail is trimmed by hand",
    "star": "A telescope sees the faint spectrum of a distant star through the dust of its galaxy",
}
OLD, NEW = range(8), range(8, 12)  # the numbers of the papers of a subject: background, pool
Line = Mapping[str, Any]


def write_lines(file: Path, lines: Iterable[Line]) -> None:
    """Write gzipped JSON lines."""
    with gzip.open(file, "wt", encoding="utf-8") as opened:
        opened.writelines(json.dumps(line) + "\n" for line in lines)


def paper_lines() -> list[Line]:
    """Tell all papers, as they stand in the file."""
    return [
        {
            "id": f"{subject}{number}",
            "title": f"{subject.title()} study {number}",
            "abstract": f"{text}. It was seen in season {number % 5}.",
            "date": None,
            "upvotes": None,
        }
        for subject, text in SUBJECTS.items()
        for number in (*OLD, *NEW)
    ]


def pool_lines() -> list[Line]:
    """Tell the one pool: the new papers of all subjects."""
    papers = [f"{subject}{number}" for number in NEW for subject in SUBJECTS]
    return [{"pool": "new", "date": None, "papers": papers}]


def event_lines() -> list[Line]:
    """Tell one event a subject, of a user who likes nothing else."""
    return [
        {
            "user": f"{subject} lover",
            "history": [f"{subject}{number}" for number in list(OLD)[:3]],
            "pool": "new",
            "chosen": [f"{subject}{number}" for number in NEW],
        }
        for subject in SUBJECTS
    ]


def write_replay(
    folder: Path,
    papers: Iterable[Line] | None = None,
    pools: Iterable[Line] | None = None,
    events: Iterable[Line] | None = None,
) -> Path:
    """Write a set into a new folder, with other lines where they are given."""
    folder.mkdir(parents=True)
    write_lines(folder / "papers.jsonl.gz", paper_lines() if papers is None else papers)
    write_lines(folder / "pools.jsonl.gz", pool_lines() if pools is None else pools)
    write_lines(folder / "events.jsonl.gz", event_lines() if events is None else events)
    return folder

"""Measures how fast dumps become papers, and what memory that takes: `python -m benchmarks.parsing [--json]`.

Bodies of about 30 MB are made of the real dumps in ../shared where those are, else of an invented one.
Parsing is all computing, so its time is that of the processor: neighbours on the machine do not count.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Figure, report
from sources.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARED = Path(__file__).parents[2] / "shared"
_BODY_BYTES = 30_000_000
_RUNS = 5
_TITLE = "Weeds Win: Watching Gardens Without Gardeners"
_ABSTRACT = (
    "We study how gardens grow when nobody looks, and a camera takes a picture of them each hour. " * 14
)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true", help="one JSON line a figure")
    report(_measure(), as_json=arguments.parse_args().json)


def _measure() -> Iterator[Figure]:
    for (name, body), target in ((_text_body(), "at least 30"), (_json_body(), "at least 80")):
        seconds, papers = min(_time(body) for _ in range(_RUNS))
        yield Figure(f"parsing {name}", len(body) / 1e6 / seconds, "MB/s", target)
        yield Figure(f"parsing {name}: papers", papers / seconds, "papers/s")
    yield Figure("parsing: peak memory of the process", _peak_bytes() / 1e6, "MB")


def _time(body: bytes) -> tuple[float, int]:
    begin = time.process_time()
    papers = len(parse(body).papers)
    seconds = time.process_time() - begin
    assert papers
    return seconds, papers


def _text_body() -> tuple[str, bytes]:
    dumps = [path.read_bytes() for path in sorted((_SHARED / "dumps").glob("*.txt"))]
    if dumps:
        return "real text dumps", _repeat(b"\n".join(dumps) + b"\n")
    return "an invented text dump", _repeat(f"{_TITLE}\n{_ABSTRACT}\n".encode())


def _json_body() -> tuple[str, bytes]:
    path = _SHARED / "data" / "huggingface" / "2025-10-01.json"
    if path.is_file():
        return "real API JSON", b"[" + _repeat(path.read_bytes().strip()[1:-1] + b",")[:-1] + b"]"
    paper = {"id": "2509.25541", "title": _TITLE, "summary": _ABSTRACT, "upvotes": 3}
    return "invented API JSON", b"[" + _repeat(json.dumps({"paper": paper}).encode() + b",")[:-1] + b"]"


def _repeat(body: bytes) -> bytes:
    return body * (_BODY_BYTES // len(body))


def _peak_bytes() -> float:
    """Give the highest resident memory of this process so far; macOS alone counts it in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()

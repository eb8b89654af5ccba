"""Measures how fast dumps become papers, and what memory that takes; `benchmarks.sources` prints it.

Bodies of about 30 MB are made of the real dumps in ../shared where those are, else of invented ones.
Parsing is all computing, so its time is that of the processor: neighbours on the machine do not count.
"""

from __future__ import annotations

import html
import json
import re
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Figure
from sources.parsing import parse

_SHARED = Path(__file__).parents[2] / "shared"
_BODY_BYTES = 30_000_000
_RUNS = 5
_TITLE = "Weeds Win: Watching Gardens Without Gardeners"
_ABSTRACT = (
    "We study how gardens grow when nobody looks, and a camera takes a picture of them each hour. " * 14
)
_ATOM_HEAD = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
_ATOM_ENTRY = f"""<entry>
<id>http://arxiv.org/abs/2509.25541v1</id><published>2025-09-10T17:59:43Z</published>
<title>{_TITLE}</title><summary>{_ABSTRACT}</summary><author><name>Ada One</name></author>
</entry>""".encode()
_PAGE_HEAD = b'<html><body><div data-target="DailyPapers" data-props="'


@dataclass(frozen=True, slots=True)
class Body:
    """A large dump to be parsed, and what its parsing is measured against."""

    name: str
    content: bytes
    target: str = ""


def measure_parsing() -> Iterator[Figure]:
    """Parse each kind of dump some times; the median counts."""
    for body in _bodies():
        timed = [_time(body.content) for _ in range(_RUNS)]
        seconds = statistics.median(seconds for seconds, _ in timed)
        yield Figure(f"parsing {body.name}", len(body.content) / 1e6 / seconds, "MB/s", body.target)
        yield Figure(f"parsing {body.name}: papers", timed[0][1] / seconds, "papers/s")
    yield Figure("parsing: peak memory of the process", _peak_bytes() / 1e6, "MB")


def _time(body: bytes) -> tuple[float, int]:
    begin = time.process_time()
    papers = len(parse(body).papers)
    seconds = time.process_time() - begin
    assert papers
    return seconds, papers


def _bodies() -> Iterator[Body]:
    yield _text_body()
    api = _api_body()
    yield api
    yield Body(f"a page with {api.name}", _PAGE_HEAD + html.escape(_page(api)).encode() + b'"></div>')
    yield _atom_body()


def _text_body() -> Body:
    dumps = [path.read_bytes() for path in sorted((_SHARED / "dumps").glob("*.txt"))]
    if dumps:
        return Body("real text dumps", _repeat(b"\n".join(dumps) + b"\n"), "at least 50")
    return Body("an invented text dump", _repeat(f"{_TITLE}\n{_ABSTRACT}\n".encode()), "at least 50")


def _api_body() -> Body:
    path = _SHARED / "data" / "huggingface" / "2025-10-01.json"
    if path.is_file():
        return Body("real API JSON", _list(path.read_bytes().strip()[1:-1]), "at least 80")
    paper = {"id": "2509.25541", "title": _TITLE, "summary": _ABSTRACT, "upvotes": 3}
    return Body("invented API JSON", _list(json.dumps({"paper": paper}).encode()), "at least 80")


def _atom_body() -> Body:
    path = _SHARED / "data" / "arxiv" / "atom_2025-09_cs.AI.xml"
    real = re.findall(rb"<entry>.*?</entry>", path.read_bytes(), re.DOTALL) if path.is_file() else []
    entries = _repeat(b"\n".join(real) if real else _ATOM_ENTRY)
    return Body(f"{'real' if real else 'invented'} Atom", _ATOM_HEAD + entries + b"</feed>")


def _page(api: Body) -> str:
    return json.dumps({"periodType": "day", "dailyPapers": json.loads(api.content)})


def _list(entries: bytes) -> bytes:
    return b"[" + _repeat(entries + b",")[:-1] + b"]"


def _repeat(body: bytes) -> bytes:
    return body * (_BODY_BYTES // len(body))


def _peak_bytes() -> float:
    """Give the highest resident memory of this process so far; macOS alone counts it in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

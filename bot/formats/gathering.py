"""Gathers what was read of a file into a collection, within the limits that hold for all formats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from bot.formats.collection import MOST_ENTRIES, Collection, Entry, Problem, Reject
from bot.formats.fields import Record, make_entry
from sources.cleaning import excerpt

T = TypeVar("T")


def gather(pieces: Iterable[tuple[str, Record | Problem]]) -> Collection:
    """Gather papers, each under the name that the file gives it, which may be empty."""
    entries, rejects = sort_out(((name, _make(record)) for name, record in pieces), MOST_ENTRIES)
    return Collection(entries, rejects=rejects)


def sort_out(
    pieces: Iterable[tuple[str, T | Problem]], most: int
) -> tuple[tuple[T, ...], tuple[Reject, ...]]:
    """Part what could be read from what could not, both in order.

    Pieces beyond ``most`` are not asked for, but the first: one reject under its name tells of them all.
    """
    read: list[T] = []
    rejects: list[Reject] = []
    for place, (name, piece) in enumerate(pieces, 1):
        where = excerpt(name) or f"#{place}"
        if place > most:
            rejects.append(Reject(where, Problem.BEYOND_LIMIT))
            break
        if isinstance(piece, Problem):
            rejects.append(Reject(where, piece))
        else:
            read.append(piece)
    return tuple(read), tuple(rejects)


def _make(record: Record | Problem) -> Entry | Problem:
    return record if isinstance(record, Problem) else make_entry(record) or Problem.NO_TITLE

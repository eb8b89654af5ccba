"""Ranges of chats: what a job is given, cut from who is due. Pure maths; it knows no queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ids: TypeAlias = npt.NDArray[np.int64]

# Readers in a job at most: some seconds of work, which is what a stop waits for and a killed worker loses.
MOST_IN_A_JOB = 4_000


@dataclass(frozen=True, slots=True)
class Range:
    """The chats from the first to the last one, both among them."""

    first: int
    last: int

    def __str__(self) -> str:
        """Name it for a line of the log."""
        return f"{self.first} to {self.last}"


def cut(ids: Ids, taken: Iterable[Range], most: int) -> list[Range]:
    """Cut ids, ascending, into ranges of about as many each, at most ``most``, past those that are taken.

    No range meets another one, nor one that is taken; each id that is in none of those is in one.
    """
    firsts, ends = _walls(taken)
    behind = np.searchsorted(firsts, ids, side="right")  # how many of the taken begin at or before each id
    free = ids > ends[behind]
    gaps = np.split(ids[free], np.flatnonzero(np.diff(behind[free])) + 1)
    return [range_ for gap in gaps if len(gap) for range_ in _cut_evenly(gap, most)]


def _walls(taken: Iterable[Range]) -> tuple[Ids, Ids]:
    """Tell where each of the taken begins, ascending, and how far those reach that begin before each gap."""
    ordered: Sequence[Range] = sorted(taken, key=lambda range_: range_.first)
    lasts = np.array([range_.last for range_ in ordered], dtype=np.int64)
    nowhere = np.iinfo(np.int64).min
    return (
        np.array([range_.first for range_ in ordered], dtype=np.int64),
        np.concatenate([[nowhere], np.maximum.accumulate(lasts)]),
    )


def _cut_evenly(ids: Ids, most: int) -> list[Range]:
    pieces = np.array_split(ids, -(-len(ids) // most))
    return [Range(int(piece[0]), int(piece[-1])) for piece in pieces]

"""Collects rejects within bounds: a body that is no dump may have one in each line."""

from __future__ import annotations

from collections.abc import Iterable

from sources.cleaning import excerpt
from sources.values import Reject

_MOST = 1_000


class Rejects:
    """Keeps the first thousand, in their order, and counts the others."""

    def __init__(self) -> None:
        self._kept: list[Reject] = []
        self._others = 0
        self._line: int | None = None

    def add(self, reason: str, line: int | None = None, piece: str = "") -> None:
        """Keep a reject with an excerpt of its ``piece``, or count it."""
        if len(self._kept) < _MOST:
            self._kept.append(Reject(reason, line, excerpt(piece)))
            return
        self._others += 1
        if self._others == 1:
            self._line = line

    def all(self, behind: Iterable[Reject] = ()) -> tuple[Reject, ...]:
        """Give what was kept, one that tells of the others, and those that stand ``behind`` them all."""
        more = (
            [Reject(f"{self._others:,} more pieces that are no papers", self._line)] if self._others else []
        )
        return (*self._kept, *more, *behind)

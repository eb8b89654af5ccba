"""Finds out where text is hard-wrapped, and puts the rows of one sentence together again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sources.text.shape import begins_inside, ends_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.text.page import TextLine

_WIDEST_WRAP = 160
_FEWEST_WRAPPED = 3


class Piece(NamedTuple):
    """Rows of text that surely belong together: one line, or several that a sentence runs through."""

    rows: Sequence[TextLine]
    text: str

    @property
    def first(self) -> TextLine:
        """Its first row."""
        return self.rows[0]

    @property
    def last(self) -> TextLine:
        """Its last row."""
        return self.rows[-1]


def unwrap(lines: Sequence[TextLine]) -> list[Piece]:
    """Group all lines, in their order."""
    groups: list[list[TextLine]] = []
    for line in lines:
        if groups and _goes_on(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Piece(rows, " ".join(row.text for row in rows)) for rows in groups]


def wrap_width(lines: Sequence[TextLine]) -> int | None:
    """Tell the width that text is wrapped to by the rows that surely are; None where too few are."""
    widths = [
        len(before.text)
        for before, line in pairwise(lines)
        if len(before.text) <= _WIDEST_WRAP and _goes_on(before, line)
    ]
    return max(widths) if len(widths) >= _FEWEST_WRAPPED else None


def is_full(before: TextLine, line: TextLine, width: int | None) -> bool:
    """Tell whether a row may have been broken because the next word had no room."""
    if width is None or line.blank or line.marked or len(before.text) > width:
        return False
    return len(before.text) + 1 + len(line.text.partition(" ")[0]) > width


def _goes_on(before: TextLine, line: TextLine) -> bool:
    """Tell whether a sentence surely runs from one row to the next."""
    if line.blank or line.marked or line.name:
        return False
    return begins_inside(line.text) and not ends_sentence(before.text)

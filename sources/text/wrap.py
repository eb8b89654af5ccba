"""Finds out where text is hard-wrapped, and puts the rows of one sentence together again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from sources.text.page import TextLine
from sources.text.shape import begins_inside, ends_sentence

_WIDEST_WRAP = 160
_FEWEST_WRAPPED = 3


class Piece(NamedTuple):
    """Rows of text that surely belong together: one line, or several that a sentence runs through.

    Attributes:
        first: Its first row.
        last: Its last row, which may be the same.
        rows: How many there are.
        text: All of them as one line.
    """

    first: TextLine
    last: TextLine
    rows: int
    text: str


def unwrap(lines: Sequence[TextLine]) -> list[Piece]:
    """Group all lines, in their order."""
    if not lines:
        return []
    starts = [0, *(index for index, pair in enumerate(pairwise(lines), 1) if not _goes_on(*pair))]
    return [_join(lines, start, end) for start, end in pairwise([*starts, len(lines)])]


def _join(lines: Sequence[TextLine], start: int, end: int) -> Piece:
    first = lines[start]
    if end == start + 1:
        return Piece(first, first, 1, first.text)
    return Piece(first, lines[end - 1], end - start, " ".join([line.text for line in lines[start:end]]))


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
    if line.blank or line.marked or line.name or not begins_inside(line.text):
        return False
    return not ends_sentence(before.text)

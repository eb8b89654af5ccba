"""Parts the lines of a text dump into text and facts.

Owns what a piece of furniture means beside its neighbours: which bare number counts comments, which day
is the list's own. Does not tell titles from abstracts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sources.cleaning import clean
from sources.text.dates import SpelledDay
from sources.text.furniture import read_furniture
from sources.text.header import read_header
from sources.text.marks import (
    AUTHORS,
    BUTTON,
    COMMENTS,
    DAY,
    DOT,
    FEATURED,
    HEADER,
    NUMBER,
    NUMBERED_BUTTON,
    SUBMITTER_BUTTON,
    TEXT,
    UPVOTE_BUTTON,
    UPVOTES,
    Kind,
    Mark,
)

_LONGEST_FURNITURE = 400
_LONGEST_NAME = 40
_SIGNS = frozenset({HEADER, AUTHORS, UPVOTES, UPVOTE_BUTTON, SUBMITTER_BUTTON})
_ENDS_OF_HEADER = frozenset({DOT, AUTHORS})
_NUMBER_BEHIND = {
    DAY: COMMENTS,
    UPVOTE_BUTTON: UPVOTES,
    NUMBERED_BUTTON: BUTTON,
}


class TextLine(NamedTuple):
    """One line of text that belongs to a title or an abstract.

    Attributes:
        number: Where it stands in the body, counted from 1.
        text: Clean and not empty.
        blank: A blank line stands between this one and the text before.
        marked: Furniture stands between this one and the text before.
        name: It may be the name that a button asks for.
    """

    number: int
    text: str
    blank: bool
    marked: bool
    name: bool


class Fact(NamedTuple):
    """Something that the page tells of a paper or of itself. ``after`` counts the text lines before it."""

    after: int
    kind: Kind
    value: int | SpelledDay


@dataclass(slots=True)
class Page:
    """The text of a dump and the facts beside it, both in the order of the body.

    Attributes:
        lines: All text, without the furniture.
        facts: What the furniture tells.
        signs: How many pieces of furniture there are that hardly anything but a list of papers has.
        dotted: Indices of the lines that a lone dot follows: captions, maybe, as in ``Some Lab · 4 authors``.
    """

    lines: list[TextLine] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    signs: int = 0
    dotted: set[int] = field(default_factory=set)


def read_page(text: str) -> Page:
    """Read all lines of a text. Line ends are those of any system."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = _PageReader()
    for number, row in enumerate(text.split("\n"), 1):
        reader.read(number, clean(row) if row else row)
    return reader.page


class _PageReader:
    """Reads lines one by one and remembers just enough of those before."""

    def __init__(self) -> None:
        self.page = Page()
        self._before: Kind | None = None
        self._in_header = True
        self._blank = False
        self._marked = False
        self._known: dict[str, list[Mark]] = {}

    def read(self, number: int, line: str) -> None:
        if not line:
            self._blank = True
            # Behind a blank line, a number has nothing to do with the day before.
            self._before = None if self._before is DAY else self._before
        elif len(line) > _LONGEST_FURNITURE:
            self._add_text(number, line)
        elif not self._in_header and (known := self._known.get(line)):
            self._add_furniture(known)
        else:
            self._read_short(number, line)

    def _read_short(self, number: int, line: str) -> None:
        marks, rest = read_header(line, in_header=self._in_header)
        furniture = read_furniture(rest) if rest else []
        if furniture and not marks:
            self._known[line] = furniture  # pages say the same beside many a paper
        self._add_furniture(marks + furniture)
        if rest and not furniture:
            self._add_text(number, rest)

    def _add_text(self, number: int, text: str) -> None:
        name = self._before is SUBMITTER_BUTTON and len(text) <= _LONGEST_NAME
        self.page.lines.append(TextLine(number, text, self._blank, self._marked, name))
        self._before = TEXT
        self._in_header = self._blank = False
        self._marked = name

    def _add_furniture(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            self._add_mark(self._settle(mark.kind), mark.value)

    def _add_mark(self, kind: Kind, value: int | SpelledDay | None) -> None:
        page = self.page
        if kind is DOT and self._before is TEXT:
            page.dotted.add(len(page.lines) - 1)
        if value is not None and kind is not BUTTON:
            page.facts.append(Fact(len(page.lines), kind, value))
        page.signs += kind in _SIGNS
        self._in_header = kind is HEADER or (self._in_header and kind not in _ENDS_OF_HEADER)
        self._marked = True
        self._before = kind

    def _settle(self, kind: Kind) -> Kind:
        """Tell by its place what a day or a bare number means."""
        if kind is DAY and self._in_header:
            return FEATURED
        if kind is not NUMBER or self._before is None:
            return kind
        return _NUMBER_BEHIND.get(self._before, NUMBER)

"""Splits BibTeX into its entries, as BibTeX itself would, and goes on behind what is broken.

A library does this too, but takes half a minute for five megabytes of open braces, and logs what it reads.
This one stops where its caller stops. Knows nothing of papers, nor of LaTeX within the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, pairwise

_MOST_FIELDS = 300
_MOST_PIECES = 100
# Strings may be made of strings, so that a few lines could ask for all memory there is.
_LONGEST_VALUE = 100_000

# Quantifiers keep what they took (``*+``), so that no text makes a search go back over itself.
_LINE_START = re.compile(r"^[^\S\n]*+@\s*+\w++\s*+[{(]", re.MULTILINE)
_START = re.compile(r"@\s*+(\w++)\s*+[{(]")
_KEY = re.compile(r"\s*+([^\s,={}\"]*+)\s*+(?=[,})])")
_NAME = re.compile(r"[\s,]*+([^\s,={}()\"#]++)\s*+=\s*+")
_WORD = re.compile(r"[^\s,={}()\"#]*+")
_HASH = re.compile(r"\s*+#\s*+")
_END = re.compile(r"[\s,]*+[})]")
_BRACE = re.compile(r"[{}]")
_BRACE_OR_QUOTE = re.compile(r"[{}\"]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Block:
    """One entry.

    Attributes:
        kind: As in ``article``, in lower case.
        fields: Values by name in lower case, without their delimiters and with strings put in; of two fields
            of one name the first.
        intact: Whether it is well written; if not, it has no fields.
    """

    kind: str
    key: str
    fields: Mapping[str, str] = field(default_factory=dict)
    intact: bool = True


def split_bibtex(text: str) -> Iterator[Block]:
    """Split a text into its entries, in order; comments and preambles are passed over.

    An entry ends at the latest where a line begins with another, so that a lost brace costs one entry.
    """
    strings = {month: month for month in _MONTHS}
    starts = (found.start() for found in _LINE_START.finditer(text))
    for start, end in pairwise(chain([0], starts, [len(text)])):
        yield from _Scanner(text[start:end], strings).blocks()


class _FaultError(Exception):
    """The text is no BibTeX from here on."""


class _Scanner:
    """Reads entries that stand behind each other, up to the first that is broken.

    Attributes:
        strings: What ``@string`` defined, by name in lower case; shared with the scanners of the other lines.
    """

    def __init__(self, text: str, strings: dict[str, str]) -> None:
        self._text = text
        self._strings = strings
        self._position = 0

    def blocks(self) -> Iterator[Block]:
        while start := _START.search(self._text, self._position):
            self._position = start.end()
            kind = start[1].lower()
            if kind == "string":
                self._define_strings()
            elif kind in {"comment", "preamble"}:
                self._pass_over()
            else:
                yield self._read_block(kind)

    def _read_block(self, kind: str) -> Block:
        key = self._take(_KEY)
        name = key[1] if key else ""
        try:
            return Block(kind, name, self._read_fields())
        except _FaultError:
            self._give_up()
            return Block(kind, name, intact=False)

    def _define_strings(self) -> None:
        try:
            fields = self._read_fields()
        except _FaultError:
            self._give_up()
        else:
            self._strings.update(fields)

    def _pass_over(self) -> None:
        try:
            self._read_braces()
        except _FaultError:
            self._give_up()

    def _give_up(self) -> None:
        self._position = len(self._text)

    def _read_fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for _ in range(_MOST_FIELDS):
            if self._take(_END):
                return fields
            name = self._expect(_NAME)[1].lower()
            value = self._read_value()
            fields.setdefault(name, value)
        raise _FaultError

    def _read_value(self) -> str:
        """Read a value with all that ``#`` ties to it."""
        value = self._read_piece()
        for _ in range(_MOST_PIECES):
            if not self._take(_HASH):
                return value
            value = (value + self._read_piece())[:_LONGEST_VALUE]
        raise _FaultError

    def _read_piece(self) -> str:
        delimiter = self._text[self._position : self._position + 1]
        if delimiter not in {"{", '"'}:
            word = self._expect(_WORD)[0]
            return self._strings.get(word.lower(), word)
        self._position += 1
        return self._read_braces() if delimiter == "{" else self._read_quotes()

    def _read_braces(self) -> str:
        """Read up to the brace that closes the one before; a backslash saves no brace, as in BibTeX."""
        return self._read_to("}", _BRACE)

    def _read_quotes(self) -> str:
        """Read up to the quote that stands in no braces."""
        return self._read_to('"', _BRACE_OR_QUOTE)

    def _read_to(self, closing: str, marks: re.Pattern[str]) -> str:
        start, depth = self._position, 0
        for mark in marks.finditer(self._text, start):
            if depth == 0 and mark[0] == closing:
                self._position = mark.end()
                return self._text[start : mark.start()]
            depth += {"{": 1, "}": -1}.get(mark[0], 0)
            if depth < 0:
                break
        raise _FaultError

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match here and move behind; where there is no match, stay."""
        found = pattern.match(self._text, self._position)
        self._position = found.end() if found else self._position
        return found

    def _expect(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = self._take(pattern)
        if found is None:
            raise _FaultError
        return found

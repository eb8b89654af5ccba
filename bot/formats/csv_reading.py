"""Reads CSV as Zotero exports it and as Paperboy does, with any of the separators that spreadsheets use."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from bot.formats.collection import Collection, Problem
from bot.formats.csv_writing import FORMULA_STARTS
from bot.formats.fields import Record, order_name, read_moment, strip_tags
from bot.formats.gathering import gather

_SEPARATORS = (",", ";", "\t")
# Zotero puts "arXiv:2401.01234 [cs]" under Extra, others elsewhere.
_MENTIONS = ("extra", "publication title", "number", "archive location", "call number")


def read_csv(text: str) -> Collection | None:
    """Read a table; None where it has no column for titles. A row that is no CSV ends it, as a reject."""
    for separator in _SEPARATORS:
        rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
        header = [name.strip().lower() for name in _first_row(rows)]
        if "title" in header:
            return gather(_read_rows(header, rows))
    return None


def _first_row(rows: Iterator[list[str]]) -> Sequence[str]:
    try:
        return next(rows, ())
    except csv.Error:  # a field longer than any header is
        return ()


def _read_rows(header: Sequence[str], rows: Iterator[list[str]]) -> Iterator[tuple[str, Record | Problem]]:
    try:
        for row in filter(None, rows):
            cells = _Row(dict(zip(header, row, strict=False)))
            yield cells.first("key", "title"), _read_row(cells)
    except csv.Error:
        yield "", Problem.BROKEN


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Mapping[str, str]

    def first(self, *names: str) -> str:
        """Take the first of these cells that is not empty."""
        return next((cell for name in names if (cell := self._arm(self.cells.get(name, "")))), "")

    def parts(self, *names: str) -> list[str]:
        """Take what semicolons part in all these cells."""
        return [part for name in names for part in self.first(name).split(";")]

    @staticmethod
    def _arm(cell: str) -> str:
        """Take the apostrophe away that keeps a spreadsheet from computing the cell."""
        return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _read_row(row: _Row) -> Record:
    return Record(
        title=row.first("title"),
        abstract=row.first("abstract", "abstract note"),
        authors=[order_name(name.split(",")) for name in row.parts("authors", "author")],
        date=row.first("date", "publication year"),
        eprint=row.first("arxiv id"),
        doi=row.first("doi"),
        url=row.first("url"),
        mentions=[row.first(name) for name in _MENTIONS],
        keywords=row.parts("keywords", "manual tags", "automatic tags"),
        up={"up": True, "down": False}.get(row.first("vote")),
        saved=row.first("saved") == "yes",
        note=row.first("note") or strip_tags(row.first("notes")),
        at=read_moment(row.first("voted or saved at", "date added")),
    )

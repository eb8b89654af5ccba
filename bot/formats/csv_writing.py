"""Writes CSV for spreadsheets: one row a paper, under a header; nothing in it is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from bot.formats.collection import Collection, Entry

_BYTE_ORDER_MARK = "\ufeff"  # else Excel does not see that it is UTF-8
# A spreadsheet computes a cell that begins with one of these; it takes an apostrophe for "this is text".
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def write_csv(collection: Collection) -> bytes:
    """Write the papers of a collection, in its order; ``read_collection`` reads them back."""
    table = StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(name for name, _ in _cells_of(Entry(title="")))
    writer.writerows((_disarm(cell) for _, cell in _cells_of(entry)) for entry in collection.entries)
    return (_BYTE_ORDER_MARK + table.getvalue()).encode()


def _cells_of(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "Title", entry.title
    yield "Authors", "; ".join(entry.authors)
    yield "Date", entry.published.isoformat() if entry.published else str(entry.known_year or "")
    yield "arXiv ID", entry.arxiv_id or ""
    yield "DOI", entry.doi or ""
    yield "URL", entry.url or ""
    yield "Vote", {True: "up", False: "down", None: ""}[entry.up]
    yield "Saved", "yes" if entry.saved else ""
    yield "Voted or saved at", entry.at.isoformat() if entry.at else ""
    yield "Note", entry.note or ""
    yield "Keywords", "; ".join(entry.keywords)
    yield "Abstract", entry.abstract


def _disarm(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell

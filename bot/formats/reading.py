"""Reads the file that a reader sends, whatever its format: by what stands in it first, by its name second."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TypeAlias

from bot.formats.bibtex_reading import read_bibtex
from bot.formats.collection import LARGEST_FILE, Collection, Obstacle, UnreadableCollectionError
from bot.formats.csv_reading import read_csv
from bot.formats.json_reading import read_json
from bot.formats.rdf_reading import read_rdf

# None says that a text is not of this format.
_Reader: TypeAlias = Callable[[str], Collection | None]

_BY_FIRST_CHARACTER: dict[str, _Reader] = {"{": read_json, "[": read_json, "<": read_rdf}
_BIBTEX_NAMES = frozenset({".bib", ".bibtex", ".biblatex"})
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_collection(body: bytes, name: str) -> Collection:
    """Read a file; what is wrong in a piece of it costs that piece, told of among the rejects.

    Args:
        body: The whole file.
        name: The file's name, which decides only where the content leaves two formats open.

    Raises:
        UnreadableCollectionError: It is too large, empty, unsafe, or of no format that is read here.
    """
    if len(body) > LARGEST_FILE:
        raise UnreadableCollectionError(Obstacle.TOO_LARGE)
    text = _decode(body).strip()
    if not text:
        raise UnreadableCollectionError(Obstacle.EMPTY)
    for read in _choose_readers(text, name):
        if (collection := read(text)) is not None:
            return collection
    raise UnreadableCollectionError(Obstacle.UNKNOWN)


def _choose_readers(text: str, name: str) -> Sequence[_Reader]:
    """Choose the readers to try, the likeliest first: a table may begin with anything, a bibliography too."""
    if read := _BY_FIRST_CHARACTER.get(text[0]):
        return (read, _read_bibliography)
    is_bibtex = text[0] in "@%" or PurePath(name.lower()).suffix in _BIBTEX_NAMES
    return (_read_bibliography, read_csv) if is_bibtex else (read_csv, _read_bibliography)


def _read_bibliography(text: str) -> Collection | None:
    """Read BibTeX, where there is an entry at all, be it broken."""
    collection = read_bibtex(text)
    return collection if collection.entries or collection.rejects else None


def _decode(body: bytes) -> str:
    """Decode what programs write today, else as Windows in the West did; no byte is an error."""
    encoding = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), "utf-8")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")

"""Writes BibTeX in UTF-8 that BibTeX, BibLaTeX and Zotero read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from bot.formats.collection import Collection, Entry
from bot.formats.latex import encode_latex

_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
_SMALL_WORDS = frozenset({"a", "an", "the", "on", "of", "in", "for", "to", "and", "with", "is", "are"})
# BibTeX splits names at "and" and turns them around at commas.
_TELLING_IN_NAMES = re.compile(r",|\band\b|^others$", re.IGNORECASE)


def write_bibtex(collection: Collection) -> bytes:
    """Write the papers of a collection, in its order.

    Papers voted down are left out, for whoever reads a bibliography takes it for papers worth having.
    """
    entries = [entry for entry in collection.entries if entry.up is not False]
    blocks = (_write_entry(key, entry) for key, entry in zip(_make_keys(entries), entries, strict=True))
    return "\n".join(blocks).encode()


def _write_entry(key: str, entry: Entry) -> str:
    lines = (f"  {name} = {{{value}}},\n" for name, value in _fields_of(entry) if value)
    return f"@misc{{{key},\n{''.join(lines)}}}\n"


def _fields_of(entry: Entry) -> Iterator[tuple[str, str]]:
    # A second pair of braces keeps styles from changing the case of a title.
    yield "title", f"{{{encode_latex(entry.title)}}}"
    yield "author", " and ".join(_encode_name(name) for name in entry.authors)
    yield "year", str(entry.known_year or "")
    yield "date", entry.published.isoformat() if entry.published else ""
    yield "eprint", entry.arxiv_id or ""
    yield "archiveprefix", "arXiv" if entry.arxiv_id else ""
    yield "doi", entry.doi or ""
    yield "url", entry.url or ""
    yield "abstract", encode_latex(entry.abstract)
    yield "keywords", encode_latex(", ".join(entry.keywords))
    yield "annote", encode_latex(entry.note or "")


def _encode_name(name: str) -> str:
    encoded = encode_latex(name)
    return f"{{{encoded}}}" if _TELLING_IN_NAMES.search(name) else encoded


def _make_keys(entries: Iterable[Entry]) -> Iterator[str]:
    """Make a key of each entry from its own words; of equal keys the second gets ``-2``, and so on."""
    seen: Counter[str] = Counter()
    for entry in entries:
        key = _make_key(entry)
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key}-{seen[key]}"


def _make_key(entry: Entry) -> str:
    """Join surname, year and the title's first telling word, as in ``lovelace2024diffusion``."""
    surname = entry.authors[0].split()[-1] if entry.authors else ""
    words = filter(None, map(_fold, entry.title.split()))
    telling = next((word for word in words if word not in _SMALL_WORDS), "")
    return f"{_fold(surname)}{entry.known_year or ''}{telling}" or "paper"


def _fold(word: str) -> str:
    """Keep the plain letters and digits of a word, without their accents."""
    return _NOT_IN_A_KEY.sub("", unicodedata.normalize("NFKD", word).lower())

"""Reads BibTeX and BibLaTeX, as Zotero, JabRef, Google Scholar and people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.formats.bibtex_blocks import Block, split_bibtex
from bot.formats.collection import Collection, Problem
from bot.formats.fields import Record, order_name
from bot.formats.gathering import gather
from bot.formats.latex import decode_latex

_LONGEST_FIELD = 20_000
# Where programs put an arXiv identifier: to Google Scholar "arXiv preprint arXiv:2401.01234" is a journal,
# and to DBLP "abs/2401.01234" a volume.
_MENTIONS = ("journal", "journaltitle", "volume", "number", "note", "howpublished")
_KEYWORD_BREAK = re.compile(r"[,;]")
# Addresses are no LaTeX, but some programs escape them.
_ESCAPED = re.compile(r"\\(?=[%&#_~$])|[{}]")


def read_bibtex(text: str) -> Collection:
    """Read a bibliography; entries that are broken or have no title become rejects under their keys."""
    return gather((block.key, _read_block(block)) for block in split_bibtex(text))


def _read_block(block: Block) -> Record | Problem:
    return _read_fields(_Fields(block.fields)) if block.intact else Problem.BROKEN


@dataclass(frozen=True, slots=True)
class _Fields:
    values: Mapping[str, str]

    def raw(self, *names: str) -> str:
        """Take the first of these fields that is there, else an empty text."""
        return next((self.values[name][:_LONGEST_FIELD] for name in names if name in self.values), "")

    def plain(self, *names: str) -> str:
        # Line breaks mean nothing in LaTeX, but may stand in the midst of mathematics.
        return decode_latex(" ".join(self.raw(*names).split()))

    def address(self, name: str) -> str:
        return _ESCAPED.sub("", self.raw(name))


def _read_fields(fields: _Fields) -> Record:
    return Record(
        title=": ".join(filter(None, (fields.plain("title"), fields.plain("subtitle")))),
        abstract=fields.plain("abstract"),
        authors=list(_read_names(fields.raw("author", "editor"))),
        date=f"{fields.raw('date')} {fields.raw('year')}",
        eprint=fields.raw("eprint") if _is_arxiv(fields.raw("eprinttype", "archiveprefix")) else "",
        doi=fields.address("doi"),
        url=fields.address("url"),
        mentions=[fields.raw(name) for name in _MENTIONS],
        keywords=_KEYWORD_BREAK.split(fields.plain("keywords")),
        note=fields.plain("annote", "annotation"),
    )


def _is_arxiv(archive: str) -> bool:
    """Tell whether an eprint may be arXiv's: older entries do not name the archive."""
    return archive.strip("{ }").lower() in {"", "arxiv"}


def _read_names(people: str) -> Iterator[str]:
    """Read ``Lovelace, Ada and {Meta, Inc.} and others`` as two names, given names first."""
    for name in _split_outside_braces(" ".join(people.split()), " and "):
        if name != "others":
            yield decode_latex(order_name(list(_split_outside_braces(name, ","))))


def _split_outside_braces(text: str, separator: str) -> Iterator[str]:
    start = depth = 0
    for mark in re.finditer(rf"[{{}}]|{separator}", text, re.IGNORECASE):
        if mark[0] in "{}":
            depth += 1 if mark[0] == "{" else -1
        elif depth == 0:
            yield text[start : mark.start()]
            start = mark.end()
    yield text[start:]

"""Recognises arXiv identifiers in what people and programs write."""

from __future__ import annotations

import re

from sources.arxiv_id import WRITTEN, spell

# A prefix, a DOI or an address, or what programs make of one: what follows is an identifier.
INTRODUCTION = r"(?:\barxiv\s?:\s?|\barxiv\.org/(?:pdf|html|format|ps|src)/|\babs/|\b10\.48550/arxiv\.)"

_ALONE = re.compile(WRITTEN, re.IGNORECASE | re.ASCII)
_INTRODUCED = re.compile(INTRODUCTION + WRITTEN, re.IGNORECASE | re.ASCII)


def find_arxiv_id(text: str) -> str | None:
    """Find the first identifier that a text introduces as arXiv's, without its version."""
    found = _INTRODUCED.search(text)
    return spell(found).id if found else None


def read_arxiv_id(text: str) -> str | None:
    """Read a text that is one identifier and nothing else, with or without an introduction."""
    found = _ALONE.fullmatch(text.strip()) or _INTRODUCED.fullmatch(text.strip())
    return spell(found).id if found else None

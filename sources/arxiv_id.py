"""arXiv's ids, new and old, out of the addresses and names that bear them."""

from __future__ import annotations

import re
from typing import NamedTuple

_NEW = r"\d{4}\.\d{4,5}"
_OLD = r"[a-z]{2,8}(?:-[a-z]{2,3})?(?:\.[a-z]{2})?/\d{7}"
_ID = rf"({_NEW}|{_OLD})(?:v(\d{{1,3}}))?"
_NAMED = re.compile(
    rf"(?:https?://(?:\w+\.)?arxiv\.org/(?:abs|pdf)/|oai:arxiv\.org:|arxiv:){_ID}\b", re.IGNORECASE | re.ASCII
)
_ALONE = re.compile(rf"(?:arxiv:)?{_ID}", re.IGNORECASE | re.ASCII)


class ArxivId(NamedTuple):
    """An id without its version, as in ``2509.25541``, and the version where it is told, counted from 1."""

    id: str
    version: int | None


def find_arxiv_id(text: str) -> ArxivId | None:
    """Find the id that a text begins with: an address at arXiv, ``oai:arXiv.org:...`` or ``arXiv:...``."""
    return _read(_NAMED.match(text))


def read_arxiv_id(text: str) -> ArxivId | None:
    """Read a text that is an id and nothing else, with or without ``arXiv:`` before it."""
    return _read(_ALONE.fullmatch(text))


def _read(found: re.Match[str] | None) -> ArxivId | None:
    if not found:
        return None
    return ArxivId(found[1], int(found[2]) or None if found[2] else None)

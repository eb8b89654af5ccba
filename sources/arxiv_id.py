"""arXiv's ids, new and old: how they are written, and how arXiv spells them."""

from __future__ import annotations

import re
from typing import NamedTuple

_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
# All that gave ids until 2007; no more can come.
_ARCHIVE = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs"
    "|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol"
    "|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|stat|supr-con"
)
# The subject class of math.GT/0309136 is no part of the id.
_OLD = rf"(?P<archive>{_ARCHIVE})(?:\.[a-z-]{{2,12}})?/(?P<number>\d{{7}})"
WRITTEN = rf"(?:(?P<new>{_NEW})|{_OLD})(?:v(?P<version>\d{{1,3}}))?(?!\d)"  # ASCII, letters of either case

_NAMED = re.compile(
    rf"(?:https?://(?:\w+\.)?arxiv\.org/(?:abs|pdf)/|oai:arxiv\.org:|arxiv:){WRITTEN}\b",
    re.IGNORECASE | re.ASCII,
)
_ALONE = re.compile(rf"(?:arxiv:)?{WRITTEN}", re.IGNORECASE | re.ASCII)


class ArxivId(NamedTuple):
    """An id without its version, as in ``2509.25541``, and the version where it is told, counted from 1."""

    id: str
    version: int | None


def find_arxiv_id(text: str) -> ArxivId | None:
    """Find the id that a text begins with: an address at arXiv, ``oai:arXiv.org:...`` or ``arXiv:...``."""
    found = _NAMED.match(text)
    return spell(found) if found else None


def read_arxiv_id(text: str) -> ArxivId | None:
    """Read a text that is an id and nothing else, with or without ``arXiv:`` before it."""
    found = _ALONE.fullmatch(text)
    return spell(found) if found else None


def spell(found: re.Match[str]) -> ArxivId:
    """Spell a match of ``WRITTEN`` as arXiv does."""
    name = found["new"] or f"{found['archive'].lower()}/{found['number']}"
    return ArxivId(name, int(found["version"] or 0) or None)

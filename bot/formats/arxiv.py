"""Recognises arXiv identifiers in what people and programs write."""

from __future__ import annotations

import re

_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
# All that gave identifiers until 2007; no more can come.
_ARCHIVE = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs"
    "|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol"
    "|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|stat|supr-con"
)
# The subject class of math.GT/0309136 is no part of the identifier.
_OLD = rf"(?P<archive>{_ARCHIVE})(?:\.[a-z-]{{2,12}})?/(?P<number>\d{{7}})"
IDENTIFIER = rf"(?:(?P<new>{_NEW})|{_OLD})(?:v\d{{1,3}})?(?!\d)"
# A prefix, a DOI or an address, or what programs make of one: what follows is an identifier.
INTRODUCTION = r"(?:\barxiv\s?:\s?|\barxiv\.org/(?:pdf|html|format|ps|src)/|\babs/|\b10\.48550/arxiv\.)"

_ALONE = re.compile(IDENTIFIER, re.IGNORECASE | re.ASCII)
_INTRODUCED = re.compile(INTRODUCTION + IDENTIFIER, re.IGNORECASE | re.ASCII)


def find_arxiv_id(text: str) -> str | None:
    """Find the first identifier that a text introduces as arXiv's."""
    found = _INTRODUCED.search(text)
    return arxiv_id_of(found) if found else None


def read_arxiv_id(text: str) -> str | None:
    """Read a text that is one identifier and nothing else, with or without an introduction."""
    found = _ALONE.fullmatch(text.strip()) or _INTRODUCED.fullmatch(text.strip())
    return arxiv_id_of(found) if found else None


def arxiv_id_of(found: re.Match[str]) -> str:
    """Spell a match of ``IDENTIFIER`` as arXiv does, without its version."""
    return found["new"] or f"{found['archive'].lower()}/{found['number']}"

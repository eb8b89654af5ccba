"""Reads JSON dumps: the daily-papers API's list of entries, one entry, or a list inside an object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from recommender.values import Paper
from sources.cleaning import excerpt
from sources.json_papers import describe, read_entry
from sources.json_values import LIST_NAMES, read_json, read_literal
from sources.rejects import Rejects
from sources.values import Parsed, Reject

# What a paper alone has beside its title; many a schema, a page or a setting has a title too.
_SIGNS = frozenset({"abstract", "summary", "authors", "arxiv_id", "upvotes"})


def parse_json(text: str, begin: int) -> Parsed | None:
    """Read all papers of the JSON that begins at ``begin``; None where there is none at all."""
    found = read_json(text, begin)
    if found is None:
        return None
    body, broken = found
    entries = _find_entries(body)
    if isinstance(entries, Reject):
        return Parsed(rejects=(entries, *broken))
    return read_entries(entries, broken)


def read_entries(entries: Sequence[Any], broken: Sequence[Reject] = ()) -> Parsed:
    """Read the entries of a list; those that are no papers become rejects, before where it is ``broken``."""
    papers: list[Paper] = []
    rejects = Rejects()
    for number, entry in enumerate(entries, 1):
        read = _read(entry)
        if isinstance(read, Paper):
            papers.append(read)
        else:
            rejects.add(f"entry {number}: {read}", piece=_glimpse(entry))
    return Parsed(tuple(papers), rejects.all(behind=broken))


def _read(entry: Any) -> Paper | str:
    return read_entry(read_literal(entry) or entry if isinstance(entry, str) else entry)


def _find_entries(body: Any) -> list[Any] | Reject:
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        if "paper" in body or ("title" in body and not _SIGNS.isdisjoint(body)):
            return [body]
        for name in LIST_NAMES:
            if isinstance(found := body.get(name), list):
                return found
    return Reject(f"the body is {describe(body)}, not a list of papers", 1, excerpt(_glimpse(body)))


def _glimpse(value: Any) -> str:
    """Show text itself, and an object by its names; of anything else the reason tells."""
    if isinstance(value, dict):
        return ", ".join(name for name in list(value)[:5] if isinstance(name, str))
    return value if isinstance(value, str) else ""

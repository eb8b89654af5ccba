"""Reads JSON dumps: the daily-papers API's list of entries, one entry, or a list inside an object."""

from __future__ import annotations

from typing import Any

from recommender.values import Paper
from sources.cleaning import excerpt
from sources.json_papers import describe, read_entry
from sources.json_values import LIST_NAMES, read_json, read_literal
from sources.values import Parsed, Reject


def parse_json(text: str, begin: int) -> Parsed | None:
    """Read all papers of the JSON that begins at ``begin``; None where there is none at all."""
    found = read_json(text, begin)
    if found is None:
        return None
    body, broken = found
    entries = _find_entries(body)
    if isinstance(entries, Reject):
        return Parsed(rejects=(entries, *broken))
    read = [_read(entry) for entry in entries]
    refused = [
        Reject(f"entry {number}: {result}", excerpt=_glimpse(entry))
        for number, (entry, result) in enumerate(zip(entries, read, strict=True), 1)
        if isinstance(result, str)
    ]
    return Parsed(tuple(result for result in read if isinstance(result, Paper)), (*refused, *broken))


def _read(entry: Any) -> Paper | str:
    literal = read_literal(entry.strip()) if isinstance(entry, str) else None
    return read_entry(literal if isinstance(literal, dict) else entry)


def _find_entries(body: Any) -> list[Any] | Reject:
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        if "paper" in body or "title" in body:
            return [body]
        for name in LIST_NAMES:
            if isinstance(found := body.get(name), list):
                return found
    return Reject(f"the body is {describe(body)}, not a list of papers", 1, _glimpse(body))


def _glimpse(value: Any) -> str:
    """Show text itself, and an object by its names; of anything else the reason tells."""
    if isinstance(value, dict):
        return excerpt(", ".join(name for name in list(value)[:5] if isinstance(name, str)))
    return excerpt(value) if isinstance(value, str) else ""

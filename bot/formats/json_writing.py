"""Writes Paperboy's own JSON: all that a collection holds, to be read back as it was."""

from __future__ import annotations

import json
from typing import Any

from bot.formats.collection import Collection, Entry

FORMAT = "paperboy"
VERSION = 1


def write_json(collection: Collection) -> bytes:
    """Write a collection, all but its rejects; of a paper only what is known."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "papers": [_write_entry(entry) for entry in collection.entries],
        "interests": [{"phrase": phrase, "wanted": wanted} for phrase, wanted in collection.interests],
        "rules": [
            {"kind": rule.kind.value, "field": rule.field.value, "phrase": rule.phrase}
            for rule in collection.rules
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _write_entry(entry: Entry) -> dict[str, Any]:
    fields = {
        "title": entry.title,
        "abstract": entry.abstract,
        "authors": entry.authors,
        "published": entry.published.isoformat() if entry.published else None,
        "year": entry.year,
        "arxiv_id": entry.arxiv_id,
        "doi": entry.doi,
        "url": entry.url,
        "keywords": entry.keywords,
        "vote": {True: "up", False: "down", None: None}[entry.up],
        "saved": entry.saved,
        "note": entry.note,
        "at": entry.at.isoformat() if entry.at else None,
    }
    return {name: value for name, value in fields.items() if value not in (None, "", (), False)}

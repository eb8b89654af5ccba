"""Reads papers out of CSL JSON, the exchange format of citation processors."""

from __future__ import annotations

from typing import Any

from bot.formats.collection import Problem
from bot.formats.fields import Record, strip_tags
from bot.formats.json_values import items_of, text_of, texts_of


def read_csl_item(item: Any) -> Record | Problem:
    """Read one item; what is no object is no paper."""
    if not isinstance(item, dict):
        return Problem.NOT_A_PAPER
    return Record(
        title=strip_tags(text_of(item, "title")),
        abstract=strip_tags(text_of(item, "abstract")),
        authors=[_read_name(person) for person in items_of(item, "author")],
        date=_read_date(item.get("issued")),
        doi=text_of(item, "DOI"),
        url=text_of(item, "URL"),
        mentions=[text_of(item, name) for name in ("number", "note", "container-title")],
        keywords=text_of(item, "keyword").split(","),
    )


def _read_name(person: Any) -> str:
    return text_of(person, "literal") or f"{text_of(person, 'given')} {text_of(person, 'family')}"


def _read_date(issued: Any) -> str:
    """Write ``{"date-parts": [[2017, 6, 12]]}`` as a day; a date as free text stays as it is."""
    first = next(iter(items_of(issued, "date-parts")), None)
    parts = texts_of({"parts": first}, "parts")
    return "-".join(parts[:3]) or text_of(issued, "raw") or text_of(issued, "literal")

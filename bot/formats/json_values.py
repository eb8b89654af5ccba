"""Takes values out of JSON that anybody may have written: what is of a wrong type counts as missing."""

from __future__ import annotations

from typing import Any


def text_of(item: Any, name: str) -> str:
    """Take a text, or a number as it is written; empty where there is neither."""
    return _write(item.get(name)) if isinstance(item, dict) else ""


def texts_of(item: Any, name: str) -> list[str]:
    """Take the texts and numbers of a list."""
    return [_write(value) for value in items_of(item, name)]


def items_of(item: Any, name: str) -> list[Any]:
    """Take a list; empty where there is none."""
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, list) else []


def _write(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""

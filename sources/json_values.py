"""Reads JSON that may be cut, broken in one place or hostile, and saves the entries that are whole."""

from __future__ import annotations

import ast
import json
import math
import re
from typing import Any

from sources.cleaning import excerpt
from sources.values import Reject

LIST_NAMES = ("papers", "dailyPapers", "daily_papers", "items", "entries", "results", "data")
_LIST_BEGINS = re.compile(rf'(?:\{{\s*"(?:{"|".join(LIST_NAMES)})"\s*:\s*)?\[')
_LOOKS_LIKE_JSON = re.compile(r'\[\s*(?:[\[{"\]]|$)|\{\s*["}]')
_BETWEEN_ENTRIES = re.compile(r"[\s,]*")
_NEXT_ENTRY = re.compile(r'\{\s*"paper"\s*:')
_LONGEST_INTEGER = 18
_LONGEST_LITERAL = 1_000_000


def read_json(text: str, begin: int) -> tuple[Any, list[Reject]] | None:
    """Read the JSON that begins at ``begin``; None where there is none at all.

    A body that is broken gives the list of its whole entries, and a reject for each place where it breaks.
    """
    decoder = _decoder()
    try:
        value, end = decoder.raw_decode(text, begin)
        if not text[end:].strip():
            return value, []
    except (ValueError, RecursionError):
        pass
    return _salvage(decoder, text, begin) if _LOOKS_LIKE_JSON.match(text, begin) else None


def read_literal(text: str) -> Any:
    """Read an entry that was written as a string: JSON or a Python literal; None where it is neither."""
    try:
        return _decoder().decode(text)
    except (ValueError, RecursionError):
        pass
    if len(text) > _LONGEST_LITERAL or not text.startswith("{"):
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _decoder() -> json.JSONDecoder:
    """Make a decoder that is not stopped by NaN, endless integers or line breaks in strings."""
    return json.JSONDecoder(parse_int=_read_integer, parse_constant=lambda _: None, strict=False)


def _read_integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else math.inf


def _salvage(decoder: json.JSONDecoder, text: str, begin: int) -> tuple[list[Any], list[Reject]]:
    """Read entry after entry; behind a broken one go on where the next begins, so nothing is read twice."""
    entries: list[Any] = []
    rejects: list[Reject] = []
    opening = _LIST_BEGINS.match(text, begin)
    position = _skip(text, opening.end() if opening else begin)
    while position < len(text) and text[position] not in "]}":
        try:
            entry, position = decoder.raw_decode(text, position)
            entries.append(entry)
        except json.JSONDecodeError as error:
            rejects.append(_reject(error.msg.lower(), text, error.pos))
            found = _NEXT_ENTRY.search(text, max(error.pos, position + 1))
            position = found.start() if found else len(text)
        except RecursionError:
            rejects.append(_reject("nested too deeply", text, position))
            return entries, rejects
        position = _skip(text, position)
    if opening and not rejects:
        problem = "cut off" if position == len(text) else "goes on behind its end"
        rejects.append(_reject(problem, text, position))
    return entries, rejects


def _skip(text: str, position: int) -> int:
    between = _BETWEEN_ENTRIES.match(text, position)
    return between.end() if between else position


def _reject(problem: str, text: str, position: int) -> Reject:
    line = text.count("\n", 0, position) + 1
    return Reject(f"broken JSON: {problem}", line, excerpt(text[position : position + 200]))

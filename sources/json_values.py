"""Reads JSON that may be cut, broken in one place or hostile, and saves the entries that are whole."""

from __future__ import annotations

import ast
import json
import math
import re
from typing import Any

from sources.cleaning import excerpt
from sources.rejects import Rejects
from sources.values import Reject

LIST_NAMES = ("papers", "dailyPapers", "daily_papers", "items", "entries", "results", "data")
_LIST_BEGINS = re.compile(rf'(?:\{{\s*"(?:{"|".join(LIST_NAMES)})"\s*:\s*)?\[')
_LOOKS_LIKE_JSON = re.compile(r'\[\s*(?:[\[{"\]]|$)|\{\s*["}]')
_LINE_END = re.compile(r"\r\n|\r|\n")
_REST_OF_LINE = re.compile(r"[ \t,]*[\r\n]")
_AROUND_ENTRIES = " \t,\ufeff"
_BETWEEN_ENTRIES = re.compile(r"[\s,]*")
_ENTRY_BEGINS = re.compile(r'\{\s*("\w{1,40}")\s*:')
_LARGE = 32_000_000  # characters; what they can become at worst still fits into memory
_MOST_VALUES = 5_000_000  # a hundred megabytes of real lists have half of that
_MOST_BREAKS = 100  # each costs a look back over the whole text
_LONGEST_INTEGER = 18
_LONGEST_LITERAL = 1_000_000


def _read_integer(digits: str) -> float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else math.inf


# Not stopped by NaN, endless integers or line breaks in strings.
_DECODER = json.JSONDecoder(parse_int=_read_integer, parse_constant=lambda _: None, strict=False)


def read_json(text: str, begin: int) -> tuple[Any, list[Reject]] | None:
    """Read the JSON that begins at ``begin``; None where there is none at all.

    A body that is broken gives the list of its whole entries, and a reject for each place where it breaks.
    """
    if len(text) > _LARGE and (values := sum(map(text.count, "{[,"))) > _MOST_VALUES:
        return [], [Reject(f"JSON of {values:,} values, which is more than a list of papers has", 1)]
    try:
        value, end = _DECODER.raw_decode(text, begin)
        if not text[end:].strip():
            return value, []
        if isinstance(value, dict) and _is_line(text, begin, end):
            return _read_lines(text)
    except (ValueError, RecursionError):
        pass
    return _salvage(text, begin) if _LOOKS_LIKE_JSON.match(text, begin) else None


def read_literal(text: str) -> dict[Any, Any] | None:
    """Read an entry that was written as a string: a JSON object or a Python dict; None for any other."""
    text = text.strip()
    if not text.startswith("{"):
        return None
    literal = _read_object(text)
    return literal if isinstance(literal, dict) else None


def _read_object(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        pass
    if len(text) > _LONGEST_LITERAL:
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _is_line(text: str, begin: int, end: int) -> bool:
    return bool(_REST_OF_LINE.match(text, end)) and not _LINE_END.search(text, begin, end)


def _read_lines(text: str) -> tuple[list[Any], list[Reject]]:
    """Read a text that has an entry in each line; a broken one costs only itself."""
    entries: list[Any] = []
    rejects = Rejects()
    for number, line in enumerate(_LINE_END.split(text), 1):
        if not line.strip(_AROUND_ENTRIES):
            continue
        try:
            entries.append(_DECODER.decode(line.strip(_AROUND_ENTRIES)))
        except json.JSONDecodeError as error:
            rejects.add(f"broken JSON: {error.msg.lower()}", number, line[error.pos :][:200])
        except RecursionError:
            rejects.add("broken JSON: nested too deeply", number, line[:200])
    return entries, list(rejects.all())


def _salvage(text: str, begin: int) -> tuple[list[Any], list[Reject]]:
    """Read entry after entry; behind a broken one go on where the next begins, so nothing is read twice."""
    entries: list[Any] = []
    rejects: list[Reject] = []
    opening = _LIST_BEGINS.match(text, begin)
    position = _skip(text, opening.end() if opening else begin)
    next_entry = _alike(text, position)
    while position < len(text) and text[position] not in "]}":
        try:
            entry, position = _DECODER.raw_decode(text, position)
            entries.append(entry)
        except json.JSONDecodeError as error:
            rejects.append(_reject(error.msg.lower(), text, error.pos))
            if len(rejects) == _MOST_BREAKS:
                rejects.append(_reject("what follows so many breaks is not read", text, error.pos))
                return entries, rejects
            found = next_entry.search(text, max(error.pos, position + 1))
            position = found.start() if found else len(text)
        except RecursionError:
            rejects.append(_reject("nested too deeply", text, position))
            return entries, rejects
        position = _skip(text, position)
    if opening and not rejects:
        problem = "cut off" if position == len(text) else "goes on behind its end"
        rejects.append(_reject(problem, text, position))
    return entries, rejects


def _alike(text: str, position: int) -> re.Pattern[str]:
    """Tell how entries begin: with the same name as the first one."""
    first = _ENTRY_BEGINS.match(text, position)
    name = first[1] if first else '"paper"'
    return re.compile(rf"\{{\s*+{name}\s*+:")


def _skip(text: str, position: int) -> int:
    between = _BETWEEN_ENTRIES.match(text, position)
    return between.end() if between else position


def _reject(problem: str, text: str, position: int) -> Reject:
    line = text.count("\n", 0, position) + 1
    return Reject(f"broken JSON: {problem}", line, excerpt(text[position : position + 200]))

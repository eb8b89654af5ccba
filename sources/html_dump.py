"""Reads HTML pages: the list of papers that one holds as data, as Hugging Face's do, else what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from recommender.values import Paper
from sources.html_text import read_visible, unescape
from sources.json_dump import read_entries
from sources.json_values import LIST_NAMES, read_json
from sources.text.dump import parse_text
from sources.values import Parsed, Reject

NO_LIST = Reject("the body is an HTML page, not a list of papers", 1)

_PROPS = re.compile(r"""\bdata-props\s*+=\s*+(?:"([^"]*+)|'([^']*+))""", re.IGNORECASE)
_PAGES_LIST = "dailyPapers"
_LIST_BEGINS = re.compile(rf'"{_PAGES_LIST}"\s*+:\s*+(?=\[)')
_SHORTEST_ABSTRACT = 300  # what error pages say below their headings is shorter


@dataclass(frozen=True, slots=True)
class ShownList:
    """The list of papers in the data of a page.

    Attributes:
        parsed: Its papers, and the entries that are none.
        day: The day of the list; None where it is of a week or a month, or tells no day.
        whole: Whether the data could be read to its end.
    """

    parsed: Parsed
    day: date | None = None
    whole: bool = True


def parse_html(text: str, fetched: date | None = None) -> Parsed:
    """Read all papers of a page. ``fetched`` tells the year that its text leaves out.

    A page that holds its list as data is read from that; of others the visible text is read, as that of a
    text dump, and its rejects have no line.
    """
    if shown := find_list(text):
        return shown.parsed if shown.day is None else shown.parsed.on_list(shown.day)
    parsed = parse_text(read_visible(text), fetched)
    if not _is_list(parsed.papers):
        return Parsed(rejects=(NO_LIST,))
    return Parsed(parsed.papers, tuple(replace(reject, line=None) for reject in parsed.rejects))


def find_list(text: str) -> ShownList | None:
    """Find the list of papers in the data of a page's elements; one without papers only where no other is."""
    empty = None
    for shown in _find_lists(text):
        if shown.parsed.papers:
            return shown
        empty = empty or shown
    return empty


def _find_lists(text: str) -> Iterator[ShownList]:
    for found in _PROPS.finditer(text):
        value = found[1] or found[2] or ""
        # Papers are named in each list, and pages have many elements with other data.
        if "aper" in value and (shown := _read_list(unescape(value).strip())):
            yield shown


def _read_list(value: str) -> ShownList | None:
    data = read_json(value, 0)
    if data and not data[1]:
        return _read_data(data[0])
    begin = _LIST_BEGINS.search(value)
    if begin and (cut := read_json(value, begin.end())):
        entries, breaks = cut
        nowhere = [replace(reject, line=None) for reject in breaks]
        return ShownList(read_entries(entries, nowhere), whole=False)
    return None


def _read_data(data: Any) -> ShownList | None:
    if not isinstance(data, dict):
        return None
    for name in LIST_NAMES:
        entries = data.get(name)
        if isinstance(entries, list) and (name == _PAGES_LIST or any(map(_is_wrapped, entries))):
            return ShownList(read_entries(entries), _read_day(data))
    return None


def _is_wrapped(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("paper"), dict)


def _read_day(data: dict[str, Any]) -> date | None:
    day = data.get("dateString")
    if data.get("periodType", "day") != "day" or not isinstance(day, str):
        return None
    try:
        return date.fromisoformat(day[:10])
    except ValueError:
        return None


def _is_list(papers: tuple[Paper, ...]) -> bool:
    """Tell whether what a page shows is a list: error pages have headings above paragraphs too."""
    told = sum(bool(paper.author_count or paper.published) for paper in papers)
    long = sum(len(paper.abstract) >= _SHORTEST_ABSTRACT for paper in papers)
    return 2 * max(told, long) >= len(papers) > 0

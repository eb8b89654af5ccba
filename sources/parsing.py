"""Chooses by content how a body is read, never by its name. Pure, and never raises, whatever the bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sources.decoding import decode
from sources.json_dump import parse_json
from sources.text.dump import parse_text
from sources.values import Parsed, Reject

if TYPE_CHECKING:
    from datetime import date

_MOST_REJECTS = 1_000
_VISIBLE = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff]")
_JSON_BEGINS = frozenset('[{"-0123456789tfnNI')
_HTML = re.compile(r"<(?:!doctype|!--|(?:html|head|body|meta|title|script|style|div|p|h1)\b)", re.IGNORECASE)
_XML = re.compile(r"<(?:\?xml|(?:rss|feed)\b)", re.IGNORECASE)


def parse(body: bytes, *, fetched: date | None = None, day: date | None = None) -> Parsed:
    """Read all papers of one body, and what in it is none. Nothing is deduplicated.

    ``fetched`` is the day of a fetch over HTTP, which tells the year where a page leaves it out. ``day``
    is that of the list that the body holds, where its source knows it.
    """
    text = decode(body)
    if isinstance(text, Reject):
        return Parsed(rejects=(text,))
    begin = _VISIBLE.search(text)
    if not begin:
        return Parsed(rejects=(Reject("the body is empty"),))
    parsed = _bound(_parse_text(text, begin.start(), fetched))
    return parsed if day is None else _on_list(parsed, day)


def _parse_text(text: str, begin: int, fetched: date | None) -> Parsed:
    for markup, name in ((_HTML, "an HTML page"), (_XML, "an XML document")):
        if markup.match(text, begin):
            return Parsed(rejects=(Reject(f"the body is {name}, not a list of papers", 1),))
    if text[begin] in _JSON_BEGINS and (parsed := parse_json(text, begin)):
        return parsed
    return parse_text(text, fetched)


def _on_list(parsed: Parsed, day: date) -> Parsed:
    return replace(parsed, papers=tuple(replace(paper, featured=day) for paper in parsed.papers))


def _bound(parsed: Parsed) -> Parsed:
    """Keep the first rejects and count the others: a body that is no dump may have one in each line."""
    kept, others = parsed.rejects[:_MOST_REJECTS], parsed.rejects[_MOST_REJECTS:]
    if not others:
        return parsed
    more = Reject(f"{len(others):,} more pieces that are no papers", others[0].line)
    return Parsed(parsed.papers, (*kept, more))

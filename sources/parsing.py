"""Chooses by content how a body is read, never by its name. Pure, and never raises, whatever the bytes."""

from __future__ import annotations

import re
from datetime import date

from sources.decoding import decode
from sources.html_dump import parse_html
from sources.json_dump import parse_json
from sources.text.dump import parse_text
from sources.unpacking import UnpackingError, unpack
from sources.values import LARGEST_DUMP, Parsed, Reject
from sources.xml_dump import parse_xml

_GZIP = b"\x1f\x8b"
_VISIBLE = re.compile(r"[^\s\u200b-\u200f\u2060\ufeff]")
_JSON_BEGINS = frozenset('[{"-0123456789tfnNI')
_HTML = re.compile(r"<(?:!doctype|!--|(?:html|head|body|meta|title|script|style|div|p|h1)\b)", re.IGNORECASE)
_XHTML = re.compile(r"<\?xml[^>]{0,200}>\s{0,200}<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_XML = re.compile(r"<(?:\?xml|(?:rss|feed|rdf:RDF)\b)", re.IGNORECASE)


def parse(body: bytes, *, fetched: date | None = None, day: date | None = None) -> Parsed:
    """Read all papers of one body, and what in it is none. Nothing is deduplicated.

    ``fetched`` is the day of a fetch over HTTP, which tells the year where a page leaves it out. ``day``
    is that of the list that the body holds, where its source knows it. A body may be packed by gzip, once.
    """
    text = _read_text(body)
    if isinstance(text, Reject):
        return Parsed(rejects=(text,))
    begin = _VISIBLE.search(text)
    if not begin:
        return Parsed(rejects=(Reject("the body is empty"),))
    parsed = _parse_text(text, begin.start(), fetched)
    return parsed if day is None else parsed.on_list(day)


def _read_text(body: bytes) -> str | Reject:
    if len(body) > LARGEST_DUMP:
        return Reject(f"the body is larger than the {LARGEST_DUMP // 1_000_000} MB of a dump")
    try:
        return decode(unpack(body, LARGEST_DUMP) if body.startswith(_GZIP) else body)
    except UnpackingError as error:
        return Reject(f"the body is {error}")


def _parse_text(text: str, begin: int, fetched: date | None) -> Parsed:
    if _HTML.match(text, begin) or _XHTML.match(text, begin):
        return parse_html(text, fetched)
    if _XML.match(text, begin):
        return parse_xml(text)
    if text[begin] in _JSON_BEGINS and (parsed := parse_json(text, begin)):
        return parsed
    return parse_text(text, fetched)

"""Reads the entries of feeds out of XML: Atom and RSS, several feeds one after the other, and cut ones.

Knows nothing of papers. Reads the text alone: whatever defines or fetches entities is refused. Time and
memory are bounded by a small multiple of the text: what is no field of an entry is dropped as it is met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError  # a type; defusedxml parses  # nosec B405
from xml.parsers.expat import ErrorString, errors

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from sources.values import Reject

_CHUNK = 1_000_000  # bytes that are parsed at once
_LONGEST_TAG = 2 * _CHUNK  # one that is not whole yet is read again with each chunk
_DEEPEST = 50
_MOST_TAGS = 4_000_000  # 100 MB of arXiv's have two thirds of that
_MOST_FEEDS = 1_000
_MOST_BREAKS = 20  # what is behind a break may be read again and again

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML may hold these
_VISIBLE = re.compile(rb"\S")
_DECLARATION = b"<?xml"
_PREFIXES = {
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://arxiv.org/schemas/atom": "arxiv:",
    "http://a9.com/-/spec/opensearch/1.1/": "opensearch:",
}
_ROOTS = frozenset({"feed", "rss", "RDF"})
_ENTRIES = frozenset({"entry", "item"})
_TEXTS = {"id", "guid", "link", "title", "summary", "description", "content", "content:encoded"}
_PEOPLE_AND_DAYS = {"author/name", "dc:creator", "dc:date", "published", "issued", "pubDate"}
_ARXIVS = {"arxiv:comment", "arxiv:announce_type"}
_TOTAL = "feed/opensearch:totalResults"
_FIELDS = frozenset({*_TEXTS, *_PEOPLE_AND_DAYS, *_ARXIVS, _TOTAL})
_WHOLE = re.compile(r"\s*\d{1,9}\s*", re.ASCII)
_CUT = frozenset(
    {
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        errors.XML_ERROR_MISPLACED_XML_PI,  # the next feed begins in the middle of this one
    }
)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """The texts of one entry as they are written, by the names of their fields; ``line`` counts from 1."""

    line: int
    texts: dict[str, list[str]]

    def first(self, *names: str) -> str:
        """Tell the first text of these fields that is not blank; empty where there is none."""
        return next((text for name in names for text in self.texts.get(name, ()) if text.strip()), "")


@dataclass(slots=True)
class Feed:
    """All that a body holds.

    Attributes:
        entries: The whole ones, in the order of the body.
        breaks: Where the XML could not be read, and why.
        total: How many entries there are on all pages, as the last page says; None where none does.
    """

    entries: list[FeedEntry] = field(default_factory=list)
    breaks: list[Reject] = field(default_factory=list)
    total: int | None = None


def read_feed(text: str) -> Feed:
    """Read all feeds of a text. Where one breaks off, its whole entries are kept and the next one is read."""
    body = _FORBIDDEN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).encode()
    feed = Feed()
    if (tags := body.count(b"<")) > _MOST_TAGS:
        feed.breaks.append(Reject(f"the XML has {tags:,} tags, which is more than a list of papers has"))
        return feed
    end = lines = 0
    for _ in range(_MOST_FEEDS):
        begin = _VISIBLE.search(body, end)
        if begin is None or len(feed.breaks) == _MOST_BREAKS:
            return feed
        lines += body.count(b"\n", end, begin.start())
        end = _read_document(body, begin.start(), _Reader(feed, lines))
        lines += body.count(b"\n", begin.start(), end)
    feed.breaks.append(Reject(f"only the first {_MOST_FEEDS:,} feeds of the body are read", lines + 1))
    return feed


def _read_document(body: bytes, begin: int, reader: _Reader) -> int:
    """Read the document that begins here; tell where the next one may begin."""
    parser = reader.parser = XMLParser(target=reader, encoding="utf-8", forbid_dtd=True)
    try:
        _parse(reader, body, begin)
    except _NoFeedError as error:
        reader.note_break(str(error))
    except DefusedXmlException:
        reader.note_break("the XML defines a document type or entities, which are not read")
    except ParseError as error:
        if reader.is_done:
            return begin + reader.place
        reader.note_break(_in_words(error))
        following = body.find(_DECLARATION, begin + max(reader.place, 1))
        return len(body) if following < 0 else following
    finally:
        vars(parser).clear()  # it and its buffers hold each other, and would stay until the next collection
    return len(body)


def _parse(reader: _Reader, body: bytes, begin: int) -> None:
    for at in range(begin, len(body), _CHUNK):
        chunk = body[at : at + _CHUNK]
        reader.parser.feed(chunk)
        if at + len(chunk) - begin - reader.place > _LONGEST_TAG:
            raise _NoFeedError(f"the XML has a tag of more than {_LONGEST_TAG // 1_000_000} MB")
    reader.parser.close()


def _in_words(error: ParseError) -> str:
    words = ErrorString(error.code)
    return "the XML is cut off" if words in _CUT else f"the XML is broken: {words}"


class _NoFeedError(Exception):
    """The XML is nothing that a feed would be; the message says what."""


class _Reader:
    """Takes the entries out of one document, as the parser tells of its tags and texts."""

    parser: Any

    def __init__(self, feed: Feed, lines_before: int) -> None:
        self.is_done = False
        self._feed = feed
        self._lines_before = lines_before
        self._path: list[str] = []
        self._entry: FeedEntry | None = None
        self._entry_depth = 0  # that of the open entry; without one, fields are named from the root on
        self._field: str | None = None
        self._field_depth = 0
        self._pieces: list[str] = []

    @property
    def place(self) -> int:
        """How many bytes of the document are read."""
        place: int = self.parser.parser.CurrentByteIndex
        return place

    @property
    def _line(self) -> int:
        line: int = self.parser.parser.CurrentLineNumber
        return self._lines_before + line

    def note_break(self, reason: str) -> None:
        """Write down why the document cannot be read on."""
        self._feed.breaks.append(Reject(reason, self._line))

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        """Meet the beginning of an element."""
        self._path.append(_name(tag))
        depth = len(self._path)
        if depth == 1 and self._path[0] not in _ROOTS:
            raise _NoFeedError("the body is an XML document, but no feed")
        if depth > _DEEPEST:
            raise _NoFeedError(f"the XML has tags in tags, more than {_DEEPEST} deep")
        if self._entry is None and self._path[-1] in _ENTRIES:
            self._entry, self._entry_depth = FeedEntry(self._line, {}), depth
        elif self._field is None:
            self._open_field(depth)

    def _open_field(self, depth: int) -> None:
        name = "/".join(self._path[self._entry_depth :])
        if name in _FIELDS:
            self._field, self._field_depth, self._pieces = name, depth, []

    def data(self, text: str) -> None:
        """Meet text."""
        if self._field is not None:
            self._pieces.append(text)

    def end(self, _tag: str) -> None:
        """Meet the end of an element."""
        depth = len(self._path)
        self._path.pop()
        if self._field is not None and depth == self._field_depth:
            self._keep(self._field, "".join(self._pieces))
            self._field = None
        elif self._entry is not None and depth == self._entry_depth:
            self._feed.entries.append(self._entry)
            self._entry, self._entry_depth = None, 0
        self.is_done = not self._path

    def _keep(self, name: str, text: str) -> None:
        if self._entry is not None:
            self._entry.texts.setdefault(name, []).append(text)
        elif _WHOLE.fullmatch(text):
            self._feed.total = int(text)


def _name(tag: str) -> str:
    """Name an element as feeds usually do, whatever prefix this one has for its namespace."""
    space, _, name = tag.rpartition("}")
    return _PREFIXES.get(space[1:], "other:") + name if space else name

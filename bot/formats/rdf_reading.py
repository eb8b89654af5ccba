"""Reads Zotero's RDF; entities are never opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from xml.etree.ElementTree import Element, ParseError  # types; defusedxml parses  # nosec B405

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bot.formats.collection import Collection, Obstacle, Problem, UnreadableCollectionError
from bot.formats.fields import Record, strip_tags
from bot.formats.gathering import gather

_DEEPEST = 30
_MOST_TAGS = 400_000  # a library of the largest size allowed has a tenth
_START = re.compile(r"\s*(?:<\?xml[^>]{0,200}\?>)?")
_ROOT = re.compile(r"<(?:\w{1,20}:)?RDF\s")
_NAMESPACES = {
    "bib": "http://purl.org/net/biblio#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "z": "http://www.zotero.org/namespaces/export#",
}
_ABOUT = f"{{{_NAMESPACES['rdf']}}}about"
_RESOURCE = f"{{{_NAMESPACES['rdf']}}}resource"
_NO_PAPERS = frozenset({"attachment", "note", "annotation"})
_DOI = "DOI "


def read_rdf(text: str) -> Collection | None:
    """Read a library; None where the text is no RDF. Where its XML breaks off, a reject tells of it.

    Raises:
        UnreadableCollectionError: The text defines entities, or asks for some from elsewhere.
    """
    if not _ROOT.search(text[:5_000]):
        return None
    try:
        parts = list(_read_parts(text))
    except DefusedXmlException as error:
        raise UnreadableCollectionError(Obstacle.UNSAFE) from error
    return gather(_read_items(parts))


def _read_parts(text: str) -> Iterator[Element | Problem]:
    """Read what stands right under the root: items and notes; last of all what stopped the reading."""
    # The text is decoded by now, whatever its declaration says of encodings.
    body = BytesIO(_START.sub("", text, count=1).encode())
    depth = 0
    try:
        for event, element in islice(iterparse(body, ("start", "end")), _MOST_TAGS):
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                break
            if event == "end" and depth == 1:
                yield element
    except ParseError:
        yield Problem.BROKEN
    else:
        if depth:
            yield Problem.BEYOND_LIMIT


def _read_items(parts: list[Element | Problem]) -> Iterator[tuple[str, Record | Problem]]:
    elements = [part for part in parts if isinstance(part, Element)]
    notes = {memo.get(_ABOUT, ""): strip_tags(_text(memo, "rdf:value")) for memo in elements}
    for element in elements:
        if _text(element, "z:itemType") not in {"", *_NO_PAPERS}:
            yield _text(element, "dc:title"), _read_item(element, notes)
    for part in parts:
        if isinstance(part, Problem):
            yield "", part


def _read_item(item: Element, notes: Mapping[str, str]) -> Record:
    identifiers = _texts(item, ".//dc:identifier")
    dois = [text.removeprefix(_DOI) for text in identifiers if text.startswith(_DOI)]
    uris = [*_texts(item, "dc:identifier/dcterms:URI/rdf:value"), item.get(_ABOUT, "")]
    referenced = (found.get(_RESOURCE, "") for found in item.findall("dcterms:isReferencedBy", _NAMESPACES))
    return Record(
        title=_text(item, "dc:title"),
        abstract=_text(item, "dcterms:abstract"),
        authors=[_read_person(person) for person in item.findall("bib:authors//foaf:Person", _NAMESPACES)],
        date=_text(item, "dc:date"),
        doi=next(iter(dois), ""),
        url=uris[0],
        mentions=[*dois, *uris, *_texts(item, ".//prism:number"), *_texts(item, "dc:description")],
        keywords=[*_texts(item, "dc:subject"), *_texts(item, "dc:subject//rdf:value")],
        note="\n".join(filter(None, (notes.get(name, "") for name in referenced))),
    )


def _read_person(person: Element) -> str:
    return f"{_text(person, 'foaf:givenName')} {_text(person, 'foaf:surname')}"


def _text(element: Element, path: str) -> str:
    return next(iter(_texts(element, path)), "")


def _texts(element: Element, path: str) -> list[str]:
    return [found.text.strip() for found in element.findall(path, _NAMESPACES) if found.text]

"""Translates entries of feeds into papers: arXiv's query API, its feeds of what is new, and any other."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

from recommender.values import Paper
from sources.arxiv_id import ArxivId, find_arxiv_id
from sources.cleaning import LONGEST_TITLE, clean, excerpt
from sources.html_text import read_visible
from sources.xml_feed import FeedEntry

_LONGEST_DATE = 60
_ERROR = re.compile(r"https?://(?:\w+\.)?arxiv\.org/api/errors\b", re.ASCII)
_ANNOUNCED = re.compile(r"\s*arXiv:\S+\s+Announce Type: (\S+)\s+Abstract:")
_AFFILIATION = re.compile(r"\([^()]*\)")
_BETWEEN_NAMES = re.compile(r",(?:\s+and\s)?|\sand\s")

# A paper's own notice. Others tell of a former version, of another paper, or of a section.
_PAPER = r"(?:this|the|our|my) (?:arxiv )?(?:paper|article|submission|manuscript|work|preprint)"
_WITHDRAWN = (
    rf"(?:{_PAPER} (?:has been|have been|was|is|is being) (?:\w+ )?withdrawn\b(?! from (?!arxiv))"
    rf"|(?:we|the authors?|i) (?:have |has )?withdr[ae]wn? {_PAPER}\b"
    r"|paper withdrawn\b|withdrawn(?: by| due| because| for| pending| until|[.,;:!]|$)|withdrawal due to\b)"
)
_NOTICE = re.compile(_WITHDRAWN, re.IGNORECASE)
_NOTICE_IN_COMMENT = re.compile(rf"(?:^|[.;:!] ){_WITHDRAWN}", re.IGNORECASE)


def read_error(entry: FeedEntry) -> str | None:
    """Read what arXiv says is wrong with a query, in words; None where the entry is no such answer."""
    if not _ERROR.match(entry.first("id").strip()):
        return None
    return f"arXiv answered with an error: {excerpt(entry.first('summary', 'title'))}"


def read_entry(entry: FeedEntry) -> Paper | str:
    """Read one entry; where it is no paper, say why in words."""
    if error := read_error(entry):
        return error
    arxiv_id = find_arxiv_id(entry.first("id", "guid").strip())
    title = clean(entry.first("title") if arxiv_id else read_visible(entry.first("title")))
    if not title:
        return "it has no title"
    if len(title) > LONGEST_TITLE:
        return f"its title has {len(title):,} characters"
    return _read_arxiv(entry, arxiv_id, title) if arxiv_id else _read_other(entry, title)


def is_revision(entry: FeedEntry) -> bool:
    """Tell whether an entry announces a paper that was announced before: news only to who knows the paper.

    Any later version than the first is: a replacement, and also one that is listed in another category now.
    """
    named = find_arxiv_id(entry.first("id", "guid").strip())
    return bool(entry.first("arxiv:announce_type")) and named is not None and (named.version or 1) > 1


def _read_arxiv(entry: FeedEntry, named: ArxivId, title: str) -> Paper:
    text = entry.first("summary", "description")
    announced = _ANNOUNCED.match(text)
    abstract = clean(text[announced.end() :] if announced else text)
    withdrawn = bool(_NOTICE.match(abstract))
    authors = _names(entry)
    # A feed of announcements tells the day of the announcement, which is none of the paper's own.
    published = None if announced else _day(entry.first("published"))
    return Paper(
        title=title,
        abstract="" if withdrawn else abstract,
        arxiv_id=named.id,
        authors=authors,
        author_count=len(authors) or None,
        published=published,
        published_text=excerpt(entry.first("published")) if published else None,
        version=named.version,
        withdrawn=withdrawn or bool(_NOTICE_IN_COMMENT.search(clean(entry.first("arxiv:comment")))),
    )


def _read_other(entry: FeedEntry, title: str) -> Paper:
    text = entry.first("summary", "description", "content", "content:encoded")
    linked = find_arxiv_id(entry.first("link").strip())
    day = entry.first("published", "issued", "dc:date", "pubDate")
    published = _day(day)
    names = (*entry.texts.get("author/name", ()), *entry.texts.get("dc:creator", ()))
    # A comma stands between two people or between the two names of one: nobody can tell.
    authors = tuple(name for name in map(clean, names) if name and "," not in name)
    return Paper(
        title=title,
        abstract=clean(read_visible(text)),
        arxiv_id=linked.id if linked else None,
        authors=authors,
        author_count=len(authors) or None,
        published=published,
        published_text=excerpt(day) if published else None,
    )


def _names(entry: FeedEntry) -> tuple[str, ...]:
    """Read the authors: an element each, or one with all names and, in parentheses, where they work."""
    listed = _BETWEEN_NAMES.split(_AFFILIATION.sub("", entry.first("dc:creator")))
    return tuple(name for text in entry.texts.get("author/name", listed) if (name := clean(text)))


def _day(text: str) -> date | None:
    """Read the day of a date, as Atom spells it or as RSS does."""
    text = text.strip()[:_LONGEST_DATE]
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, OverflowError):
        return None

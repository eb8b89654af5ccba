"""Makes an entry of what a file says of one paper; the reader of each format ends here.

What is wrong in a field costs that field; only a paper without a title is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.formats.arxiv import find_arxiv_id, read_arxiv_id
from bot.formats.collection import Entry
from sources.cleaning import clean
from sources.html_text import unescape

_LONGEST_TITLE = 1_000
_LONGEST_ABSTRACT = 10_000
_LONGEST_NOTE = 4_000
_LONGEST_NAME = 200
_LONGEST_URL = 2_000
_MOST_AUTHORS = 500
_MOST_KEYWORDS = 50

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", re.ASCII)
_DAY = re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)", re.ASCII)
_DOI = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s\"<>{}\\]{1,200}", re.ASCII)
_ARXIV_DOI = "10.48550/arxiv."
_URL = re.compile(r"https?://[a-z0-9][^\s\"'<>\\{}]+", re.IGNORECASE)
_TAG = re.compile(r"<[a-z/!][^<>]{0,1000}>", re.IGNORECASE)
_TAG_OF_A_BLOCK = re.compile(r"</(?:p|div|li|h\d)>|<br ?/?>", re.IGNORECASE)
# Line breaks and tabs stay; a database takes no NUL, and UTF-8 no lone surrogate.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a file says of one paper, not yet cleaned; what it does not say is empty.

    Attributes:
        date: As the file spells it, be it a day or a year.
        eprint: An identifier of a preprint, where the file says that it is arXiv's.
        mentions: Fields that may introduce an arXiv identifier: addresses, remarks, the name of a journal.
    """

    title: str
    abstract: str = ""
    authors: Iterable[str] = ()
    date: str = ""
    eprint: str = ""
    doi: str = ""
    url: str = ""
    mentions: Iterable[str] = ()
    keywords: Iterable[str] = ()
    up: bool | None = None
    saved: bool = False
    note: str = ""
    at: datetime | None = None


def make_entry(record: Record) -> Entry | None:
    """Clean what a file says of one paper, and cut what is too long; None where that leaves no title."""
    title = clean(record.title[:_LONGEST_TITLE])
    if not title:
        return None
    published, year = _read_date(record.date)
    doi = _read_doi(record.doi)
    return Entry(
        title=title,
        abstract=clean(record.abstract[:_LONGEST_ABSTRACT]),
        authors=_clean_all(record.authors, _MOST_AUTHORS),
        published=published,
        year=year,
        arxiv_id=read_arxiv_id(record.eprint) or _first_arxiv_id(record.doi, record.url, *record.mentions),
        doi=None if doi and doi.startswith(_ARXIV_DOI) else doi,
        url=_read_url(record.url),
        keywords=_clean_all(record.keywords, _MOST_KEYWORDS),
        up=record.up,
        saved=record.saved,
        note=_UNWRITABLE.sub("", record.note[:_LONGEST_NOTE]).strip() or None,
        at=record.at,
    )


def order_name(parts: Sequence[str]) -> str:
    """Join the parts between a name's commas as people say it: given name, family name, suffix."""
    match parts:
        case [family, given]:
            return f"{given} {family}"
        case [family, suffix, given]:
            return f"{given} {family} {suffix}"
        case _:
            return ",".join(parts)


def read_moment(text: str) -> datetime | None:
    """Read a date and time of ISO 8601; one without a zone is UTC, as Zotero writes them."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def strip_tags(html: str) -> str:
    """Turn a note or an abstract in HTML or JATS into plain text, a line a paragraph."""
    return unescape(_TAG.sub("", _TAG_OF_A_BLOCK.sub("\n", html))).strip()


def _clean_all(texts: Iterable[str], most: int) -> tuple[str, ...]:
    cleaned = (clean(text[:_LONGEST_NAME]) for text in texts)
    return tuple(text for text in cleaned if text)[:most]


def _first_arxiv_id(*texts: str) -> str | None:
    return next((found for text in texts if (found := find_arxiv_id(text[:_LONGEST_URL]))), None)


def _read_date(text: str) -> tuple[date | None, int | None]:
    """Read a day, or else a year, or neither."""
    text = text[:_LONGEST_NAME]
    if day := _DAY.search(text):
        try:
            published = date(*map(int, day.groups()))
        except ValueError:
            pass  # Zotero writes 2023-00-00 where it knows the year alone
        else:
            return published, None
    year = _YEAR.search(text)
    return None, int(year[0]) if year else None


def _read_doi(text: str) -> str | None:
    found = _DOI.search(text[:_LONGEST_URL])
    return found[0].rstrip(".,;)").lower() if found else None


def _read_url(text: str) -> str | None:
    url = text.strip()
    fits = len(url) <= _LONGEST_URL and _URL.fullmatch(url) and url.isprintable()
    return url if fits else None

"""What a reader typed after /search, read as a query: words and filters, as ``author:"Yann LeCun"``. Pure."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from storage.search import Query

LONGEST_SEARCH = 200
_QUOTES = str.maketrans("\u201c\u201d\u201e\u00ab\u00bb\uff02", '""""""')  # as telephones set them
_FILTER = re.compile(
    r"""(?<!\S)(?:(?P<name>author|after)[:\uff1a]\s*(?P<value>"[^"]*"?|[^\s"]*)|liked[:\uff1a])""",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?", re.ASCII)


class Mistake(StrEnum):
    """Why a search cannot be carried out."""

    EMPTY = "empty"
    LONG = "long"
    AUTHOR = "author"
    AFTER = "after"


def read_search(written: str, chat_id: int) -> Query | Mistake:
    """Read a search; ``liked:`` means liked in this chat.

    A filter may stand anywhere, a space after its colon is overlooked, and of two dates the last holds. What
    looks like a filter and is none of these is words.
    """
    plain = level(written)
    if not plain or len(plain) > LONGEST_SEARCH:
        return Mistake.LONG if plain else Mistake.EMPTY
    filters = [*_FILTER.finditer(plain)]
    authors = [_value(found) for found in filters if _named(found) == "author"]
    days = [read_day(_value(found)) for found in filters if _named(found) == "after"]
    if not all(authors):
        return Mistake.AUTHOR
    if not all(days):
        return Mistake.AFTER
    return Query(
        words=level(_FILTER.sub(" ", plain)),
        author=" ".join(authors),
        after=days[-1] if days else None,
        liked_in=chat_id if any(not found["name"] for found in filters) else None,
    )


def read_day(written: str) -> date | None:
    """Read the first day of a year, a month or a day, as in ``2025-03``; None where there is no such day."""
    read = _DATE.fullmatch(written)
    if read is None:
        return None
    try:
        return date(*(int(part or 1) for part in read.groups()))
    except ValueError:
        return None


def level(written: str) -> str:
    """Set a search in one line, with plain quotes: the way it is shown, and read back from there."""
    return " ".join(written.translate(_QUOTES).split())


def _named(found: re.Match[str]) -> str:
    return (found["name"] or "").lower()


def _value(found: re.Match[str]) -> str:
    return found["value"].strip('" ')

"""Translates entries of the daily-papers API into papers, and those of lists that use arXiv's words.

Each path may be missing or of a wrong type, and is left out then; only the title must be there.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from recommender.values import Paper
from sources.arxiv_id import ArxivId, read_arxiv_id
from sources.cleaning import LONGEST_TITLE, clean, excerpt

_LARGEST_COUNT = 10**9
_URL = re.compile(r"https?://[a-z0-9][^\s\"'<>\\]{1,2000}", re.IGNORECASE)


def read_entry(entry: Any) -> Paper | str:
    """Read one entry, with or without the wrapper around its paper; where it is none, say why in words."""
    if not isinstance(entry, dict):
        return f"{describe(entry)}, not a paper"
    paper = entry.get("paper", entry)
    if not isinstance(paper, dict):
        return f"its paper is {describe(paper)}"
    title = _text(paper.get("title")) or _text(entry.get("title"))
    if not title:
        return "it has no title"
    if len(title) > LONGEST_TITLE:
        return f"its title has {len(title):,} characters"
    return _build(title, paper, entry)


def describe(value: Any) -> str:
    """Say in words what a value is."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}" if abs(value) <= _LARGEST_COUNT else "a huge number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object" if value else "an empty object"


def _build(title: str, paper: dict[str, Any], entry: dict[str, Any]) -> Paper:
    abstract = _text(paper.get("summary")) or _text(paper.get("abstract")) or _text(entry.get("summary"))
    spelled: Any = paper.get("publishedAt") or paper.get("published") or paper.get("date")
    published = _day(spelled)
    authors = _authors(paper.get("authors"))
    named = _arxiv_id(paper.get("id")) or _arxiv_id(paper.get("arxiv_id"))
    return Paper(
        title=title,
        abstract=abstract or "",
        arxiv_id=named.id if named else None,
        authors=tuple(name for name, hidden in authors if name and not hidden),
        author_count=len(authors) or None,
        published=published,
        published_text=excerpt(spelled) if published else None,
        featured=_featured(paper, entry, published),
        upvotes=_count(paper.get("upvotes")),
        comments=_count(entry.get("numComments")),
        summary=_text(paper.get("ai_summary")),
        keywords=_texts(paper.get("ai_keywords")),
        organization=_organization(paper.get("organization")) or _organization(entry.get("organization")),
        code_url=_url(paper.get("githubRepo")),
        project_url=_url(paper.get("projectPage")),
        thumbnail_url=_url(entry.get("thumbnail")) or _url(paper.get("thumbnail")),
        version=named.version if named else None,
    )


def _featured(paper: dict[str, Any], entry: dict[str, Any], published: date | None) -> date | None:
    """Tell the day of the list. The old API has it as the entry's own day, which else repeats the paper's."""
    submitted = _day(paper.get("submittedOnDailyAt"))
    own = _day(entry.get("publishedAt"))
    return submitted or (own if own and published and own > published else None)


def _text(value: Any) -> str | None:
    return clean(value) or None if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text for item in value if (text := _text(item))) if isinstance(value, list) else ()


def _count(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= _LARGEST_COUNT else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _url(value: Any) -> str | None:
    return value if isinstance(value, str) and _URL.fullmatch(value) and value.isprintable() else None


def _arxiv_id(value: Any) -> ArxivId | None:
    return read_arxiv_id(value.strip()) if isinstance(value, str) else None


def _authors(value: Any) -> list[tuple[str | None, bool]]:
    """Read names and whether they are hidden; what is no author is left out."""
    authors = value if isinstance(value, list) else []
    return [_author(author) for author in authors if isinstance(author, (dict, str))]


def _author(value: dict[str, Any] | str) -> tuple[str | None, bool]:
    if isinstance(value, str):
        return _text(value), False
    return _text(value.get("name")), value.get("hidden") is True


def _organization(value: Any) -> str | None:
    return _text(value.get("fullname")) or _text(value.get("name")) if isinstance(value, dict) else None

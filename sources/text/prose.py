"""Doubts that a text is a list of papers: error pages and plain prose have lines like papers too."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from sources.cleaning import excerpt
from sources.text.shape import abstract_likeness
from sources.values import Reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.text.drafts import Draft
    from sources.text.page import Page

_STATUS_CODE = re.compile(r"^(?:http(?:/\S+)? |error:? )*(?:[45]\d\d\b[ :-]*)?", re.IGNORECASE)
_ERRORS = frozenset(
    {status.phrase.lower() for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST}
    | {"error", "access denied", "just a moment", "rate limit exceeded", "page not found"}
)
# How lines of Markdown, tables, settings and code begin, and those of titles and abstracts do not.
_MARKUP = re.compile(
    r"^(?:#+ |\||[-*+] |[{}<>@$`]|(?:def|class|import|from|return|async|await|raise|if|for) "
    r"|[\w.-]+ ?(?:==?|:=) ?\S)"
)
_OPEN_END = ("[", "(", "{", ";")  # how lines of code end
_MOST_MARKUP = 0.25
_FEW_DRAFTS = 6
_MOST_PROSE = 2
_MANY_LINES = 50_000
_SHORTEST_MEAN = 24


def doubt_text(text: str) -> Reject | None:
    """Say why a text is no list of papers, by its lines alone: mere scraps would cost memory without end."""
    lines = text.count("\n")
    if lines > _MANY_LINES and len(text) < lines * _SHORTEST_MEAN:
        return Reject(f"{lines:,} lines that are too short for titles and abstracts", 1)
    return None


def doubt_papers(page: Page, drafts: Sequence[Draft]) -> Reject | None:
    """Say why a text is no list of papers, by what was found in it; None where it may be one."""
    if not page.lines:
        return Reject("the page holds no text of a paper")
    first = page.lines[0]
    if kind := _other_kind(page, drafts):
        return Reject(f"{kind}, not a list of papers", first.number, excerpt(first.text))
    return None


def _other_kind(page: Page, drafts: Sequence[Draft]) -> str | None:
    whole = [draft for draft in drafts if draft.whole]
    if len(whole) <= 1 and _is_error(page.lines[0].text):
        return "an error page"
    if sum(_is_markup(line.text) for line in page.lines) > _MOST_MARKUP * len(page.lines):
        return "markup, settings or code"
    if page.furniture:
        return None
    if len(drafts) >= _FEW_DRAFTS and 2 * len(whole) < len(drafts):
        return "lines that make up no papers"
    prose = 0 < len(whole) <= _MOST_PROSE and all(abstract_likeness(d.title[0].text) > 0 for d in whole)
    return "plain prose" if prose else None


def _is_markup(line: str) -> bool:
    return _MARKUP.match(line) is not None or line.endswith(_OPEN_END)


def _is_error(line: str) -> bool:
    return _STATUS_CODE.sub("", line).lower().strip(" .!:") in _ERRORS

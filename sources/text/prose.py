"""Doubts that a text is a list of papers: error pages and plain prose have lines like papers too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import TypeVar

from sources.cleaning import excerpt
from sources.text.drafts import Draft, join_lines
from sources.text.page import Page
from sources.text.shape import abstract_likeness
from sources.text.voice import is_markup, speaks_of_research
from sources.values import Reject

Item = TypeVar("Item")

_STATUS_CODE = re.compile(r"^(?:http(?:/\S+)? |error:? )*(?:[45]\d\d\b[ :-]*)?", re.IGNORECASE)
_ERRORS = frozenset(
    {status.phrase.lower() for status in HTTPStatus if status >= HTTPStatus.BAD_REQUEST}
    | {"error", "access denied", "just a moment", "rate limit exceeded", "page not found"}
)
_FEW_DRAFTS = 6
_MOST_PROSE = 2
_MANY_LINES = 50_000
_SHORTEST_MEAN = 40
_SAMPLED_LINES = 100
_SAMPLED_DRAFTS = 20
_SAMPLED_ABSTRACT = 800
_SAMPLED_CHARACTERS = 300


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
    if is_markup([line.text[:_SAMPLED_CHARACTERS] for line in _sample(page.lines, _SAMPLED_LINES)]):
        return "markup, settings or code"
    if page.signs:
        return None
    if len(drafts) >= _FEW_DRAFTS and 2 * len(whole) < len(drafts):
        return "lines that make up no papers"
    if 0 < len(whole) <= _MOST_PROSE and all(abstract_likeness(d.title[0].text) > 0 for d in whole):
        return "plain prose"
    return (
        "text that tells of no research" if whole and not speaks_of_research(_sample_text(drafts)) else None
    )


def _sample_text(drafts: Sequence[Draft]) -> str:
    drafts = _sample(drafts, _SAMPLED_DRAFTS)
    return "\n".join(join_lines(draft.title + draft.abstract)[:_SAMPLED_ABSTRACT] for draft in drafts)


def _sample(items: Sequence[Item], most: int) -> Sequence[Item]:
    """Take every so many, from the first to the last."""
    return items[:: -(-len(items) // most) or 1]


def _is_error(line: str) -> bool:
    return _STATUS_CODE.sub("", line).lower().strip(" .!:") in _ERRORS

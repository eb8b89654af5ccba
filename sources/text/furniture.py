"""Knows the furniture of a page: buttons, the footer, and the facts that stand beside a paper."""

from __future__ import annotations

import re

from sources.text.dates import match_day
from sources.text.marks import Kind, Mark


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split("|")]


_FOOTER = _phrases(
    """company | hugging face | tos | privacy | about | careers | jobs | website | models | datasets | spaces
    | pricing | docs | buckets | community | enterprise | solutions | system theme | log in | sign up | papers
    | blog | forum | posts | inference endpoints"""
)
_BUTTONS = _phrases(
    """previous | next | prev | previous next | prev next | view all | view more | load more | show more
    | see more | read more | see all | view paper | arxiv | arxiv page | view arxiv page | view pdf | pdf
    | paper page | project page | code | share | add comment | login | daily | weekly | monthly | trending
    | today | search | search papers | hugging face s logo | comment | comments"""
)
# Whole lines, by their words alone in lower case.
_WHOLE_LINES = {
    "": Kind.DOT,
    **dict.fromkeys([*_FOOTER, *_BUTTONS], Kind.BUTTON),
    **dict.fromkeys(["daily papers", "trending papers", "weekly papers", "monthly papers"], Kind.HEADER),
    **dict.fromkeys(["github", "stars", "star"], Kind.NUMBERED_BUTTON),
    **dict.fromkeys(["upvote", "upvotes"], Kind.UPVOTE_BUTTON),
    "submitted by": Kind.SUBMITTER_BUTTON,
}
_LONGEST_BUTTON = 30
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_FOOTER_LINE = re.compile(rf"(?:{'|'.join(_FOOTER)}|[\W_])+", re.IGNORECASE)
_FOOTER_WORD = re.compile("|".join(_FOOTER), re.IGNORECASE)
_FEWEST_FOOTER_WORDS = 4
_LONGEST_FACT = 50
_LONGEST_FACTS = 160

_COUNT = r"\d[\d,]{0,8}(?:\.\d+(?=[km]))?[km]?"
_COUNT_ALONE = re.compile(_COUNT, re.IGNORECASE)
_FACT = re.compile(
    rf"""(?P<AUTHORS>{_COUNT}\ authors?)
    |(?P<COMMENTS>{_COUNT}\ comments?)
    |(?P<UPVOTES>{_COUNT}\ (?:up)?votes? | upvotes?:?\ ?{_COUNT})
    |(?P<NUMBER>[+▲△]?\ ?{_COUNT})
    |(?P<BUTTON>(?:git\ ?hub|stars?|★|⭐)\ ?{_COUNT} | {_COUNT}\ (?:git\ ?hub\ )?stars?
        | (?:about\ |over\ |almost\ )?(?:an?|\d+)\ (?:second|minute|hour|day|week|month|year)s?\ ago
        | \#\d+\ paper\ of\ the\ (?:day|week|month)
        | submitted\ by:?\ ?@?\S+(?:\ \S+){{0,2}}
        | ©.*)""",
    re.IGNORECASE | re.VERBOSE,
)
_PUBLISHED_ON = re.compile(r"^(?:published|submitted|posted)(?: on)?:? ", re.IGNORECASE)
_COMMENTS_BEHIND_DAY = re.compile(r" (\d[\d,]{0,8})")
_BETWEEN_FACTS = re.compile(r"[•·∙⋅|]|^[-*–—] ")  # noqa: RUF001 - the dashes that pages use
_ASCII_BETWEEN_FACTS = ("- ", "* ")


def read_furniture(line: str) -> list[Mark]:
    """Read a line that is furniture and nothing else; empty where it is text."""
    short = len(line) <= _LONGEST_FACT
    numbered = short and _DIGIT.search(line)
    if not numbered and (kind := _read_button(line)):
        return [Mark(kind)]
    if short or (len(line) <= _LONGEST_FACTS and _has_parts(line)):
        return _read_facts(line)
    return []


def _read_button(line: str) -> Kind | None:
    if len(line) <= _LONGEST_BUTTON and (kind := _WHOLE_LINES.get(" ".join(_WORD.findall(line.lower())))):
        return kind
    return Kind.BUTTON if _is_footer(line) else None


def _is_footer(line: str) -> bool:
    return bool(_FOOTER_LINE.fullmatch(line)) and len(_FOOTER_WORD.findall(line)) >= _FEWEST_FOOTER_WORDS


def _has_parts(line: str) -> bool:
    """Tell whether a line has signs that facts are parted by; of most lines that is known at a glance."""
    if line.isascii() and "|" not in line:
        return line.startswith(_ASCII_BETWEEN_FACTS)
    return _BETWEEN_FACTS.search(line) is not None


def _read_facts(line: str) -> list[Mark]:
    pieces = _BETWEEN_FACTS.split(line) if _has_parts(line) else [line]
    parts = [_read_fact(part) for piece in pieces if (part := piece.strip())]
    marks = [mark for part in parts for mark in part]
    # Beside a number of authors, what is not understood is an institution.
    if all(parts) or (len(parts) > 1 and any(mark.kind is Kind.AUTHORS for mark in marks)):
        return marks
    return []


def _read_fact(part: str) -> list[Mark]:
    found = _FACT.fullmatch(part)
    if found and found.lastgroup:
        count = _COUNT_ALONE.search(part)
        return [Mark(Kind[found.lastgroup], _read_count(count[0]) if count else None)]
    return _read_day(_PUBLISHED_ON.sub("", part))


def _read_day(part: str) -> list[Mark]:
    day = match_day(part)
    if not day:
        return []
    if len(day.text) == len(part):
        return [Mark(Kind.DAY, day)]
    comments = _COMMENTS_BEHIND_DAY.fullmatch(part, len(day.text))
    return [Mark(Kind.DAY, day), Mark(Kind.COMMENTS, _read_count(comments[1]))] if comments else []


def _read_count(text: str) -> int:
    """Read a count as pages shorten it, as in ``1,234`` or ``1.2k``."""
    digits = text.lower().replace(",", "").rstrip("km")
    factor = {"k": 1_000, "m": 1_000_000}.get(text[-1].lower(), 1)
    return round(float(digits) * factor)

"""What is known of a paper after one more dump told of it. Pure.

Nothing known is lost. Counts, links and what a list's editors wrote are as they were told last. The text,
with its authors and its day, is that of the highest revision: an older one only fills what is missing.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from recommender.values import Paper
from storage.identity import is_cut_from

_FIELDS = frozenset(part.name for part in fields(Paper))
_TEXT = frozenset({"title", "abstract", "authors", "author_count", "published", "published_text", "version"})
_SILENT: tuple[Any, ...] = (None, "", ())


def merged(known: Paper, told: Paper) -> Paper:
    """Add to what is known of a paper what a dump tells; the same again changes nothing.

    Where no revision is told, the text is that of the last list with ids; one without an id, a page of text,
    only adds. A whole abstract stands before its own beginning. The day on the list is the last one.
    """
    if known == told:
        return known
    rewrites = _is_newer(known, told)
    changes = {
        name: value
        for name in _FIELDS
        if (value := getattr(told, name)) not in _SILENT
        and (rewrites or name not in _TEXT or getattr(known, name) in _SILENT)
    }
    if known.version is None and told.version is None:
        changes["abstract"] = _whole(known.abstract, changes.get("abstract", known.abstract), told.abstract)
    changes["withdrawn"] = _is_withdrawn(known, told)
    changes["featured"] = _later(known.featured, told.featured)
    return replace(known, **changes)


def _is_newer(known: Paper, told: Paper) -> bool:
    """Tell whether a text takes the place of the known one."""
    if known.version is not None or told.version is not None:
        return (told.version or 0) > (known.version or 0)
    return told.arxiv_id is not None


def _whole(known: str, chosen: str, told: str) -> str:
    """Choose between two abstracts of no known revision: the whole one, where the other is its beginning."""
    if is_cut_from(told, known):
        return known
    return told if is_cut_from(known, told) else chosen


def _is_withdrawn(known: Paper, told: Paper) -> bool:
    """Tell whether a paper is withdrawn: as the highest revision says, and of two equal ones either."""
    before, after = known.version or 0, told.version or 0
    if before == after:
        return known.withdrawn or told.withdrawn
    return told.withdrawn if after > before else known.withdrawn


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day), default=None)

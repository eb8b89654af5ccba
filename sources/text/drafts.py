"""Groups labelled lines into papers, whole or not, and gives each the facts that stand beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

from sources.text.dates import SpelledDay
from sources.text.labels import ABSTRACT, TITLE, TITLE_GOES_ON, label_lines
from sources.text.marks import FEATURED, NUMBER, UPVOTES, Kind
from sources.text.page import Fact, Page, TextLine

_BROKEN_WORD = re.compile(r"[^\W\d_]-$")
_REST_OF_WORD = re.compile(r"(?!(?:and|or|to)\b)[a-z]")


@dataclass(slots=True)
class Draft:
    """The lines of one paper and the facts beside them. ``start`` is the index of its first line."""

    start: int
    title: list[TextLine] = field(default_factory=list)
    abstract: list[TextLine] = field(default_factory=list)
    days: dict[Kind, SpelledDay] = field(default_factory=dict)
    counts: dict[Kind, int] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether both a title and an abstract are there."""
        return bool(self.title and self.abstract)

    @property
    def first(self) -> TextLine:
        """The line that the draft begins with."""
        return (self.title or self.abstract)[0]

    def take(self, fact: Fact, *, nearest: bool) -> None:
        """Keep a fact: the first of its kind, or of counts the last where the ``nearest`` is wanted."""
        if isinstance(fact.value, SpelledDay):
            self.days.setdefault(fact.kind, fact.value)
        elif nearest or fact.kind not in self.counts:
            self.counts[fact.kind] = fact.value


def draft_papers(page: Page) -> list[Draft]:
    """Group the lines of a page and attach its facts."""
    drafts = _without_captions(_group(page.lines), page.dotted)
    _attach(page.facts, drafts)
    for before, draft in pairwise(drafts):
        if FEATURED in before.days:
            draft.days.setdefault(FEATURED, before.days[FEATURED])
    return drafts


def _group(lines: Sequence[TextLine]) -> list[Draft]:
    """Begin a draft with each title, and with each abstract that furniture parts from all titles."""
    drafts: list[Draft] = []
    for index, (line, label) in enumerate(zip(lines, label_lines(lines), strict=True)):
        if label is TITLE:
            drafts.append(Draft(index, title=[line]))
        elif label is TITLE_GOES_ON:
            drafts[-1].title.append(line)
        elif label is ABSTRACT:
            if not drafts or (line.marked and drafts[-1].abstract):
                drafts.append(Draft(index))
            drafts[-1].abstract.append(line)
    return drafts


def _without_captions(drafts: Sequence[Draft], dotted: AbstractSet[int]) -> list[Draft]:
    """Leave out what looks like a title but is a caption of the paper before it."""
    captions = {
        draft.start
        for before, draft in pairwise(drafts)
        if draft.start in dotted and not draft.abstract and before.whole
    }
    return [draft for draft in drafts if draft.start not in captions]


def _attach(facts: Sequence[Fact], drafts: Sequence[Draft]) -> None:
    """Give each fact to the draft that it follows; a kind that leads, to the draft that follows it.

    The list's own day leads. So do upvotes where the first of them stand before the first title; of several
    the nearest count. A bare number that does not lead is nobody's: it may count anything.
    """
    starts = [draft.start for draft in drafts]
    leading = {FEATURED}
    for kind in (UPVOTES, NUMBER):
        first = next((fact.after for fact in facts if fact.kind is kind), None)
        if starts and first is not None and first <= starts[0]:
            leading.add(kind)
    for fact in facts:
        leads = fact.kind in leading
        owner = bisect_left(starts, fact.after) - (not leads)
        if 0 <= owner < len(drafts) and (leads or fact.kind is not NUMBER):
            drafts[owner].take(fact, nearest=leads)


def join_lines(lines: Sequence[TextLine]) -> str:
    """Join lines to one, and the halves of a word that was broken at its hyphen."""
    if len(lines) == 1:
        return lines[0].text
    parts = [lines[0].text]
    for before, line in pairwise(lines):
        broken = _BROKEN_WORD.search(before.text[-2:]) and _REST_OF_WORD.match(line.text)
        parts.append(line.text if broken else f" {line.text}")
    return "".join(parts)

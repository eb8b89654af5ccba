"""Reads text dumps: the text of trending-paper pages, in any mixture of their layouts.

In steps, each a module of its own: ``page`` parts text from furniture (headers, buttons, facts such as
``4 authors``), ``labels`` tells titles from abstracts, ``drafts`` groups both into papers. A title without an
abstract and an abstract without a title are rejects: nothing is guessed, and nothing is joined that furniture
parts.
"""

from __future__ import annotations

from datetime import date

from recommender.values import Paper
from sources.cleaning import LONGEST_TITLE
from sources.rejects import Rejects
from sources.text.dates import SpelledDay, year_left_out
from sources.text.drafts import Draft, draft_papers, join_lines
from sources.text.marks import AUTHORS, COMMENTS, DAY, FEATURED, NUMBER, UPVOTES
from sources.text.page import Page, read_page
from sources.text.prose import doubt_papers, doubt_text
from sources.values import Parsed


def parse_text(text: str, fetched: date | None = None) -> Parsed:
    """Read all papers of a text, in its order. ``fetched`` tells the year that the page leaves out."""
    if reject := doubt_text(text):
        return Parsed(rejects=(reject,))
    page = read_page(text)
    drafts = draft_papers(page)
    if reject := doubt_papers(page, drafts):
        return Parsed(rejects=(reject,))
    year = _own_year(page, fetched)
    papers: list[Paper] = []
    rejects = Rejects()
    for draft in drafts:
        if problem := _find_problem(draft):
            rejects.add(problem, draft.first.number, draft.first.text)
        else:
            papers.append(_build(draft, year))
    return Parsed(tuple(papers), rejects.all())


def _own_year(page: Page, fetched: date | None) -> int | None:
    days = [fact.value for fact in page.facts if isinstance(fact.value, SpelledDay)]
    return year_left_out(days, fetched)


def _build(draft: Draft, year: int | None) -> Paper:
    published = draft.days.get(DAY)
    featured = draft.days.get(FEATURED)
    return Paper(
        title=join_lines(draft.title),
        abstract=join_lines(draft.abstract),
        author_count=draft.counts.get(AUTHORS),
        published=published.resolve(year) if published else None,
        published_text=published.text if published else None,
        featured=featured.resolve(year) if featured else None,
        upvotes=draft.counts.get(UPVOTES, draft.counts.get(NUMBER)),
        comments=draft.counts.get(COMMENTS),
    )


def _find_problem(draft: Draft) -> str | None:
    if not draft.whole:
        return "a title without an abstract" if draft.title else "an abstract without a title"
    length = sum(len(line.text) for line in draft.title)
    return f"its title has {length:,} characters" if length > LONGEST_TITLE else None

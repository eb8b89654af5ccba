"""What holds for every body that is parsed, whatever its bytes: each broken promise in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from recommender.values import Paper
from sources.cleaning import EXCERPT_LENGTH, LONGEST_TITLE, clean
from sources.values import Parsed, Reject

_MOST_REJECTS = 2_100  # a thousand of what cannot be read, as many of what can be and is no paper
_LARGEST_COUNT = 10**9
_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z]{2,8}(-[a-z]{2,3})?(\.[a-z]{2})?/\d{7}", re.IGNORECASE | re.ASCII)
_LINK = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


def find_broken(parsed: Parsed) -> Iterator[str]:
    """Name each promise that the outcome of a parse breaks."""
    if len(parsed.rejects) > _MOST_REJECTS:
        yield f"there are {len(parsed.rejects):,} rejects"
    for reject in parsed.rejects:
        yield from _find_broken_in_reject(reject)
    for paper in (*parsed.papers, *parsed.revisions):
        yield from _find_broken_in_paper(paper)


def _find_broken_in_reject(reject: Reject) -> Iterator[str]:
    if not reject.reason or not reject.reason.isprintable():
        yield f"a reject's reason is {reject.reason!r}"
    if len(reject.excerpt) > EXCERPT_LENGTH or clean(reject.excerpt) != reject.excerpt:
        yield f"a reject's excerpt is {reject.excerpt!r}"
    if reject.line is not None and reject.line < 1:
        yield f"a reject stands in line {reject.line}"


def _find_broken_in_paper(paper: Paper) -> Iterator[str]:
    if not paper.title or len(paper.title) > LONGEST_TITLE:
        yield f"a title has {len(paper.title)} characters"
    texts = (paper.title, paper.abstract, paper.summary, paper.organization, paper.published_text)
    for text in (*texts, *paper.keywords, *paper.authors):
        if text and not _is_clean(text):
            yield f"a text is not clean: {text[:80]!r}"
    if paper.arxiv_id is not None and not _ID.fullmatch(paper.arxiv_id):
        yield f"an id is {paper.arxiv_id!r}"
    for count in (paper.upvotes, paper.comments, paper.author_count, paper.version):
        if count is not None and not 0 <= count <= _LARGEST_COUNT:
            yield f"a count is {count}"
    for link in (paper.code_url, paper.project_url, paper.thumbnail_url):
        if link is not None and not _LINK.fullmatch(link):
            yield f"a link is {link!r}"


def _is_clean(text: str) -> bool:
    """Tell whether a text is one line without anything invisible, and fit to be stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return clean(text) == text

"""How one paper is written, wherever it stands: its title as a link, what is known of it, its abstract."""

from __future__ import annotations

from urllib.parse import quote_plus

from bot.messages.language import Language
from bot.messages.markup import Fragment, cut, folded_quote, isolate, joined, link, text
from recommender.values import Paper

MAX_LINE_TITLE = 90
MIN_ABSTRACT = 60  # less than this of an abstract tells nothing
_NAMED_AUTHORS = 3


def paper_link(paper: Paper) -> str:
    """Tell where to read a paper: arXiv where its id is known, else a search for its title."""
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    return f"https://arxiv.org/search/?searchtype=title&query={quote_plus(paper.title[:200])}"


def short_title(paper: Paper, limit: int = MAX_LINE_TITLE) -> str:
    """Tell a title in a line."""
    return isolate(cut(paper.title, limit))


def linked_title(paper: Paper, limit: int = MAX_LINE_TITLE) -> Fragment:
    """Write a title in a line, as a link to the paper."""
    return link(text(short_title(paper, limit)), paper_link(paper))


def write_facts(language: Language, paper: Paper, longest: int = 300) -> Fragment:
    """Write day, authors, organization and comments in a line, each cut to a third of ``longest``."""
    known = (
        _day(language, paper),
        _authors(language, paper),
        paper.organization or "",
        _comments(language, paper),
    )
    return joined([text(isolate(cut(fact, max(longest // 3, 20)))) for fact in known], " · ")


def write_withdrawn(language: Language, paper: Paper) -> Fragment:
    """Warn of a paper that is withdrawn; nothing where it is not."""
    return text(language.say("⚠️ Withdrawn by its authors.")) if paper.withdrawn else Fragment()


def shown_abstract(paper: Paper) -> str:
    """Take the abstract as it is shown whole; its length is what a message has to find room for."""
    return isolate(paper.abstract) if paper.abstract else ""


def fold_abstract(paper: Paper, limit: int) -> Fragment:
    """Write an abstract as a quotation that opens at a tap; nothing where too little of it would fit."""
    abstract = shown_abstract(paper)
    shown = cut(abstract, limit)
    if not shown or (limit < MIN_ABSTRACT and shown != abstract):
        return Fragment()
    return folded_quote(text(shown))


def _day(language: Language, paper: Paper) -> str:
    return language.date(paper.published) if paper.published else paper.published_text or ""


def _authors(language: Language, paper: Paper) -> str:
    count = paper.author_count or len(paper.authors)
    if 0 < len(paper.authors) <= _NAMED_AUTHORS and count == len(paper.authors):
        return ", ".join(paper.authors)
    if paper.authors:
        return language.count(
            "{first} and {count} other", "{first} and {count} others", count - 1, first=paper.authors[0]
        )
    return language.count("{count} author", "{count} authors", count) if count else ""


def _comments(language: Language, paper: Paper) -> str:
    return language.count("{count} comment", "{count} comments", paper.comments) if paper.comments else ""

"""The values that all rooms share: papers and votes go in, picks and reasons come out.

Frozen and complete once built. Nothing here reads a clock, a file, a network or a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recommender.rules import Rule  # which is read off papers, and so knows this module


class Slot(StrEnum):
    """Why a pick is there: by the reader's likes and rules, by what others like, or to learn more."""

    TASTE = "taste"
    TRENDING = "trending"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What one dump tells of one paper. Only the title is always there; the rest may be None or empty.

    Attributes:
        title: One line, without surrounding space.
        abstract: One paragraph, or empty.
        arxiv_id: As in ``2509.25541``, without a version.
        authors: Full names in the paper's own order.
        author_count: How many authors there are, also where their names are not told.
        published: The day the paper was published.
        published_text: That day as the dump spells it, also where its year cannot be known.
        featured: The day of the list that the paper stood on.
        upvotes: The list's own count, which grows for days.
        comments: The list's own count of comments.
        summary: One sentence written by the list's editors or their model.
        keywords: The list's own, in its order.
        version: Which revision the text is of, counted from 1; None where the dump does not tell.
        withdrawn: Whether its authors took it back.
    """

    title: str
    abstract: str = ""
    arxiv_id: str | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    published: date | None = None
    published_text: str | None = None
    featured: date | None = None
    upvotes: int | None = None
    comments: int | None = None
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    organization: str | None = None
    code_url: str | None = None
    project_url: str | None = None
    thumbnail_url: str | None = None
    version: int | None = None
    withdrawn: bool = False

    @property
    def text(self) -> str:
        """Title and abstract as one text: what a feature space reads."""
        return f"{self.title}. {self.abstract}" if self.abstract else self.title


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's thumb on one paper, seen by the recommender only as a direction and a time."""

    paper_id: int
    up: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Interest:
    """What a reader stated outright; it stands in for a vote while there are few.

    Attributes:
        id: Below zero, where no paper's id is; the same phrase has the same id always and for everyone.
        phrase: In the reader's words, or the title of a paper that no dump has brought.
        wanted: Whether it speaks for papers like it, or against them.
        text: Title and abstract of such a paper, read as a paper's text; None for a phrase.
    """

    id: int
    phrase: str
    wanted: bool = True
    text: str | None = None

    @property
    def content(self) -> str:
        """All of it that can be read: the text where there is one, else the phrase."""
        return self.phrase if self.text is None else self.text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that may be picked, with what is known of its popularity."""

    paper_id: int
    upvotes: int = 0
    comments: int = 0
    featured: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """The liked paper that speaks most for a pick, and the words that the two share, strongest first."""

    paper_id: int
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """A paper chosen for a reader.

    Attributes:
        score: What it was ranked by; boosts of the reader's rules are in it.
        reason: None where no like speaks for it.
        propensity: The chance of this very paper being explored; None in the other slots, which leave nothing
            to chance.
        rule: The rule of the reader's that lifted it, a follow before a boost; None where none did.
    """

    paper_id: int
    score: float
    slot: Slot
    reason: Reason | None = None
    propensity: float | None = None
    rule: Rule | None = None

"""What a reader's file holds, whichever its format: papers, wishes, and the pieces that could not be read.

Values and limits only. Nothing here knows a format, and nothing in this room knows a chat or a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.errors import BotError
from recommender.rules import Rule

LARGEST_FILE = 5_000_000  # bytes
MOST_ENTRIES = 2_000
MOST_INTERESTS = 2_000  # of one chat, imported papers among them, and so of a file that it takes along


class Problem(StrEnum):
    """Why a piece of a file was left out. The value says it in English, to be said in other languages too."""

    BROKEN = "it is not written as its format asks"
    NO_TITLE = "it has no title"
    NOT_A_PAPER = "it is not a paper"
    NOT_A_WISH = "it is not a wish that Paperboy knows"
    BEYOND_LIMIT = "the file holds more than is read at once"


class Obstacle(StrEnum):
    """Why a whole file cannot be read. The value says it in English, with what to do next."""

    TOO_LARGE = "The file is larger than 5 MB. Export a part of your library, and send that."
    EMPTY = "The file is empty."
    UNKNOWN = (
        "I cannot read this file. I read BibTeX (.bib), Zotero's CSV and RDF, CSL JSON, and the JSON that "
        "I export."
    )
    NEWER = "This file was made by a newer Paperboy. Export it again from there as BibTeX, and send that."
    UNSAFE = "The file defines XML entities, which I do not open. Export it again from Zotero, or as BibTeX."


class UnreadableCollectionError(BotError):
    """A file as a whole cannot be read; ``obstacle`` tells why in words for the reader."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper of a file. Only the title is always there.

    Attributes:
        title: One line, cleaned, as all texts here but the note.
        arxiv_id: As in ``2401.01234`` or ``hep-th/9901001``, without a version.
        doi: As in ``10.1145/3442188``, in lower case; arXiv's own DOIs are told as ``arxiv_id`` alone.
        published: The day, where the file tells it.
        year: The year, where no more is told; None where ``published`` is known.
        up: The reader's vote. None with ``saved`` False means that the paper stands in a library: a like.
        note: The reader's own words, line breaks kept.
        at: When it was voted on or saved, with a time zone.
    """

    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    year: int | None = None
    arxiv_id: str | None = None
    doi: str | None = None
    url: str | None = None
    keywords: tuple[str, ...] = ()
    up: bool | None = None
    saved: bool = False
    note: str | None = None
    at: datetime | None = None

    @property
    def known_year(self) -> int | None:
        """The year of publication, be the day known or not."""
        return self.published.year if self.published else self.year


@dataclass(frozen=True, slots=True)
class Reject:
    """A piece of a file that was left out.

    Attributes:
        where: What the file itself calls the piece, at most 60 characters: a citation key, a title, or its
            place as in ``#12``, counted from 1.
        reason: Why.
    """

    where: str
    reason: Problem


@dataclass(frozen=True, slots=True)
class Collection:
    """What one file holds, each part in the order of the file.

    Attributes:
        interests: Phrases, each with whether it is wanted.
        rejects: What was left out; it is never written to a file.
    """

    entries: tuple[Entry, ...] = ()
    interests: tuple[tuple[str, bool], ...] = ()
    rules: tuple[Rule, ...] = ()
    rejects: tuple[Reject, ...] = ()

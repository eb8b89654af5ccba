"""The values of this room: what a source lists, what it fetches, and what parsing makes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from recommender.values import Paper

LARGEST_DUMP = 100_000_000  # bytes; the largest real one has less than a million


class SourceError(Exception):
    """A source could not be listed or fetched. Its message is for the user and holds no credentials.

    Attributes:
        wait: How long the source itself asked to be left alone; None where it did not.
    """

    def __init__(self, message: str, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Reject:
    """A piece of a dump that is no paper.

    Attributes:
        reason: Why, in words.
        line: Where it stands in the body, counted from 1; None where the whole body is meant.
        excerpt: Its first characters, printable, at most 60.
    """

    reason: str
    line: int | None = None
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one body holds, all in the order of the body.

    Attributes:
        papers: What it brings.
        rejects: The pieces that are no papers.
        revisions: Later versions of papers that were announced before: news only where the paper is known.
    """

    papers: tuple[Paper, ...] = ()
    rejects: tuple[Reject, ...] = ()
    revisions: tuple[Paper, ...] = ()

    def on_list(self, day: date) -> Parsed:
        """Put all papers on the list of this day."""
        return replace(self, papers=tuple(replace(paper, featured=day) for paper in self.papers))

    def as_hearsay(self) -> Parsed:
        """Forget what is arXiv's to tell: which revision a text is, and that its authors withdrew it.

        Else any list could take a paper away, or its text for good, by naming a revision beyond all others.
        """
        papers, revisions = (
            tuple(replace(paper, version=None, withdrawn=False) for paper in told)
            for told in (self.papers, self.revisions)
        )
        return replace(self, papers=papers, revisions=revisions)


@dataclass(frozen=True, slots=True)
class Listing:
    """One dump as its source lists it.

    Attributes:
        version: What its source calls its present state; None where only a fetch can tell.
        day: The day of the list that it holds; None where it holds no day's.
        fresh_for: How long a reading of it is good enough.
        settles: From when on it changes no more; None where it always may.
    """

    name: str
    version: str | None = None
    day: date | None = None
    fresh_for: timedelta = timedelta(0)
    settles: datetime | None = None

    def is_due(self, version: str | None, read_at: datetime, now: datetime) -> bool:
        """Tell whether it is worth a fetch, where ``version`` of it was read at ``read_at``.

        A reading from later than now is of a clock that was wrong, and tells nothing.
        """
        if self.version is not None:
            return self.version != version
        if read_at > now:
            return True
        if self.settles is not None and read_at >= self.settles:
            return False
        return now - read_at >= self.fresh_for


@dataclass(frozen=True, slots=True)
class Dump:
    """One fetched body.

    Attributes:
        fetched: When it was fetched over HTTP; None for a file.
        day: As listed.
        hearsay: Whether it is neither arXiv's own nor the owner's: see `Parsed.as_hearsay`.
    """

    source: str
    name: str
    version: str | None
    body: bytes
    fetched: datetime | None
    day: date | None = None
    hearsay: bool = False

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()

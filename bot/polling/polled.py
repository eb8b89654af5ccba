"""What came of a poll, as values: of each dump that was due, and of its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sources.values import Reject


@dataclass(frozen=True, slots=True)
class DumpReport:
    """What came of one dump that is new or has changed.

    Attributes:
        day: The day of the list that it holds; None where it holds no day's.
        papers: How many it holds, known ones among them.
        error: Why it could not be read; None where it could.
    """

    name: str
    day: date | None = None
    papers: int = 0
    rejects: tuple[Reject, ...] = ()
    error: str | None = None

    @property
    def is_empty_day(self) -> bool:
        """Whether it is the list of a day on which nothing was listed."""
        return self.day is not None and not (self.papers or self.rejects or self.error)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What came of one source.

    Attributes:
        dumps: Those that were new, had changed, or could not be read.
        unchanged: How many were known as they are.
        unasked: How many were due and not asked for any more, after others had failed.
        answers: To how many of its dumps the source gave an answer.
        added: How many papers were new.
        updated: How many known papers were told of again, with news.
        fresh: How many of the new papers are news of these days, and not of a list of days ago.
        error: Why it could not even be listed.
        wait: How long it asked to be left alone.
        rests_until: Until when it is left alone, so that it was not asked; ``error`` says why.
    """

    source: str
    dumps: tuple[DumpReport, ...] = ()
    unchanged: int = 0
    unasked: int = 0
    answers: int = 0
    added: int = 0
    updated: int = 0
    fresh: int = 0
    error: str | None = None
    wait: timedelta | None = None
    rests_until: datetime | None = None

    @property
    def read(self) -> list[DumpReport]:
        """The dumps that could be read."""
        return [dump for dump in self.dumps if dump.error is None]

    @property
    def failed(self) -> list[DumpReport]:
        """The dumps that could not be read."""
        return [dump for dump in self.dumps if dump.error is not None]

    @property
    def why(self) -> str | None:
        """Why the source, or the first of its dumps that failed, could not be read; None where all could."""
        return self.error or next((dump.error for dump in self.dumps if dump.error), None)

    @property
    def reached(self) -> bool:
        """Whether the source answered at all, be it in part."""
        return self.why is None or self.answers > 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the poll of a source is: its dumps that are done, and the papers that were new so far."""

    source: str
    done: int
    total: int
    added: int = 0

"""What a newsstand sells: preprints, and the entries of each day's list, as they stand at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

Json = dict[str, Any]

GROWING = timedelta(days=7)  # how long an entry's upvotes grow, from the beginning of its day on
COUNTED = timedelta(hours=6)  # how often they are counted anew
_ANNOUNCED = time(4, tzinfo=UTC)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Revision:
    """A later text of a preprint. ``comment`` is what its authors say of it; ``withdrawn`` has no paper."""

    announced: datetime
    title: str
    abstract: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """A preprint as it stands at one moment; ``version`` counts from 1."""

    version: int
    announced: datetime
    title: str
    abstract: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Preprint:
    """A paper on arXiv; its first category is the one it belongs to. ``revisions`` are in order of time."""

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    submitted: datetime
    revisions: tuple[Revision, ...] = ()

    @property
    def announced(self) -> datetime:
        """When it is first announced: early on the next day that is no Saturday or Sunday."""
        day = self.submitted.date() + timedelta(days=1)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
        return datetime.combine(day, _ANNOUNCED)

    def at(self, now: datetime) -> Edition | None:
        """Read it as it stands; None before it is announced."""
        if now < self.announced:
            return None
        edition = Edition(1, self.announced, self.title, self.abstract)
        for version, revision in enumerate(self.revisions, 2):
            if revision.announced <= now:
                edition = Edition(
                    version, revision.announced, revision.title, revision.abstract, revision.comment
                )
        return edition


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a day's list.

    Attributes:
        since: When it came onto the list: in the course of the day, or some days late.
        upvotes: How many it has in the end.
        entry: All that the API tells of it, but for the upvotes.
    """

    day: date
    since: datetime
    upvotes: int
    entry: Json

    @property
    def id(self) -> str:
        """Its paper's arXiv id."""
        return str(self.entry["paper"]["id"])

    def at(self, now: datetime) -> Json:
        """Read it as the API tells it at this moment."""
        return self.entry | {"paper": self.entry["paper"] | {"upvotes": self._upvotes(now)}}

    def _upvotes(self, now: datetime) -> int:
        age = now - datetime.combine(self.day, time(), UTC)
        counted = age // COUNTED * COUNTED
        return int(self.upvotes * min(counted / GROWING, 1.0))


@dataclass(frozen=True, slots=True)
class World:
    """All there is to sell: the entries of all days, and all preprints, those of the lists among them."""

    days: Mapping[date, tuple[Listed, ...]]
    preprints: tuple[Preprint, ...]

    @property
    def listed(self) -> tuple[Listed, ...]:
        """All entries of all days."""
        return tuple(entry for day in self.days.values() for entry in day)

    def on_list(self, day: date, now: datetime) -> list[Json]:
        """Read a day's list as it stands, the most upvotes first."""
        there = [entry.at(now) for entry in self.days.get(day, ()) if entry.since <= now]
        return sorted(there, key=lambda entry: -int(entry["paper"]["upvotes"]))

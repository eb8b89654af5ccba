"""The values of this room: what a source lists, what it fetches, and what parsing makes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from recommender.values import Paper


LARGEST_DUMP = 100_000_000  # bytes; the largest real one has less than a million


class SourceError(Exception):
    """A source could not be listed or fetched. Its message is for the user and holds no credentials."""


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
    """What one body holds: its papers and its rejects, both in the order of the body."""

    papers: tuple[Paper, ...] = ()
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One dump as its source lists it. ``version`` is None where only a fetch can tell it."""

    name: str
    version: str | None


@dataclass(frozen=True, slots=True)
class Dump:
    """One fetched body. ``fetched`` is the time of a fetch over HTTP, None for a file."""

    source: str
    name: str
    version: str | None
    body: bytes
    fetched: datetime | None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()

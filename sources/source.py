"""What every place that dumps come from can do."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from sources.values import Dump, Listing


class Source(Protocol):
    """A place that dumps come from."""

    @property
    def name(self) -> str:
        """What the database and messages call this source; holds no credentials."""

    @property
    def at_once(self) -> int:
        """How many dumps may be fetched side by side."""

    async def list(self, since: date) -> list[Listing]:
        """List the dumps that are there now, in a stable order; of days, those from ``since`` on.

        Raises:
            SourceError: The source cannot be reached or read.
        """

    async def fetch(self, listing: Listing, known: str | None) -> Dump | None:
        """Fetch one dump, or None where it still is the version ``known``.

        Raises:
            SourceError: The dump cannot be reached or read, or is too large.
        """

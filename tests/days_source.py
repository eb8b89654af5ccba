"""A source of days for tests: holds what it is given, fails as it is told, remembers what it was asked."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sources.values import Dump, Listing, SourceError

TODAY = date(2026, 11, 20)  # a Friday


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def list_of(*numbers: int) -> bytes:
    """Write a list of invented papers, each known by its number, in the shape of the daily-papers API."""
    return json.dumps([{"paper": invented(number)} for number in numbers]).encode()


def invented(number: int) -> dict[str, Any]:
    return {
        "id": f"2611.{number:05}",
        "title": f"Kettle number {number} boils",
        "summary": f"We boil kettle number {number} and write down how long it takes until it sings.",
        "upvotes": number % 7,
    }


@dataclass
class DaysSource:
    """Lists the days that it holds, the newest first, and with ``tells_versions`` what has changed."""

    name: str = "days"
    at_once: int = 4
    days: dict[date, bytes] = field(default_factory=dict)
    asked: list[date] = field(default_factory=list)
    since: list[date] = field(default_factory=list)
    fresh_for: timedelta = timedelta()
    tells_versions: bool = False
    hearsay: bool = False
    most_side_by_side: int = 0
    _faults: dict[date | None, Exception] = field(default_factory=dict)
    _gates: dict[date, asyncio.Event] = field(default_factory=dict)
    _side_by_side: int = 0

    def put(self, day: date, *numbers: int) -> None:
        """Hold a list of these papers."""
        self.days[day] = list_of(*numbers)

    def fail(self, *days: date, wait: timedelta | None = None) -> None:
        """Fail for these days, or for all where none is named."""
        for day in days or (None,):
            self._faults[day] = SourceError(f"{day or self.name} is out of order", wait)

    def raise_for(self, day: date, error: Exception) -> None:
        self._faults[day] = error

    def recover(self) -> None:
        self._faults.clear()

    def hold_back(self, day: date) -> asyncio.Event:
        """Answer for this day only once the event is set."""
        return self._gates.setdefault(day, asyncio.Event())

    def forget_questions(self) -> None:
        self.asked.clear()

    async def list(self, since: date) -> list[Listing]:
        self.since.append(since)
        days = sorted((day for day in self.days if day >= since), reverse=True)
        versions = {day: _version(self.days[day]) for day in days if self.tells_versions}
        return [Listing(day.isoformat(), versions.get(day), day, self.fresh_for) for day in days]

    async def fetch(self, listing: Listing, known: str | None) -> Dump | None:
        day = listing.day
        assert day
        self.asked.append(day)
        self._side_by_side += 1
        self.most_side_by_side = max(self.most_side_by_side, self._side_by_side)
        try:
            await asyncio.sleep(0)
            if day in self._gates:
                await self._gates[day].wait()
        finally:
            self._side_by_side -= 1
        if error := self._faults.get(day) or self._faults.get(None):
            raise error
        body = self.days[day]
        version = _version(body)
        if version == known:
            return None
        return Dump(self.name, listing.name, version, body, _noon(day), day, self.hearsay)


def _version(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest() if isinstance(body, bytes) else "?"


def _noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=12)


def source_of(days: int, papers_a_day: int = 2, **settings: Any) -> DaysSource:
    """Make a source of the last days, each with papers of its own."""
    source = DaysSource(**settings)
    for age in range(days):
        source.put(days_ago(age), *numbers_of(age, papers_a_day))
    return source


def numbers_of(age: int, papers_a_day: int = 2) -> Sequence[int]:
    return range(age * papers_a_day, (age + 1) * papers_a_day)


def number_in(title: str) -> int:
    """Read a paper's number out of its title."""
    return int(title.split()[2])

"""Days as pages spell them, often without a year, and the year that such a page leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:(?:st|nd|rd|th)\b)?"
_YEAR = r"(?:(?:, ?| )(?P<year>(?:19|20)\d\d))?"
_FORMS = (
    re.compile(rf"{_MONTH} {_DAY}{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_DAY}\.? {_MONTH}{_YEAR}", re.IGNORECASE),
    re.compile(r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"),
)


@dataclass(frozen=True, slots=True)
class SpelledDay:
    """A day as a page spells it. ``year`` is None where the page leaves it out."""

    text: str
    month: int
    day: int
    year: int | None = None

    def resolve(self, year: int | None) -> date | None:
        """Give the day in its own year, else in ``year``; None without a year, or where no such day is."""
        try:
            return date(self.year or year or 0, self.month, self.day)
        except ValueError:
            return None


def match_day(text: str) -> SpelledDay | None:
    """Read the day that a text begins with, as in ``Mar 29, 2023``, ``Oct 23`` or ``2025-11-13``."""
    for form in _FORMS:
        if found := form.match(text):
            month, day, year = found.group("month", "day", "year")
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
            return SpelledDay(found[0], number, int(day), int(year) if year else None)
    return None


def year_left_out(days: Iterable[SpelledDay], fetched: date | None) -> int | None:
    """Tell the year that a page leaves out: its own.

    That is the year of the fetch where known, else the smallest one later than all that the page spells out,
    for these are not its own.
    """
    if fetched is not None:
        return fetched.year
    spelled = [day.year for day in days if day.year is not None]
    return max(spelled) + 1 if spelled else None

"""Purses that fill with time: what each may spend at once, and how fast more comes (a token bucket each).

Kept in memory alone, and only so many: a start, or being the one longest unheard of, fills a purse again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

MOST_PURSES = 10_000


@dataclass(frozen=True, slots=True)
class Budget:
    """What a full purse holds, and what comes back a second."""

    most: float
    per_second: float


class Spending(Enum):
    """What becomes of a wish to spend."""

    PAID = "paid"
    REFUSED = "refused"
    """For the first time since something was paid."""
    STILL_REFUSED = "still refused"


@dataclass(slots=True)
class _Purse:
    left: float
    at: datetime
    is_shut: bool = False


class Purses:
    """A purse for each owner, by number."""

    def __init__(self, budget: Budget, most_purses: int = MOST_PURSES) -> None:
        self._budget = budget
        self._most_purses = most_purses
        self._purses: OrderedDict[int, _Purse] = OrderedDict()

    def __len__(self) -> int:
        """Count the purses that are kept."""
        return len(self._purses)

    def spend(self, owner: int, price: float, now: datetime) -> Spending:
        """Take a price, at most half of what is the most, out of a purse.

        One that could not pay is shut until it is half full: who is told to wait has then room to go on.
        """
        purse = self._open(owner, now)
        was_shut, enough = purse.is_shut, self._budget.most / 2 if purse.is_shut else price
        purse.is_shut = purse.left < enough
        if purse.is_shut:
            return Spending.STILL_REFUSED if was_shut else Spending.REFUSED
        purse.left -= price
        return Spending.PAID

    def _open(self, owner: int, now: datetime) -> _Purse:
        """Take out a purse with what has come back by now; a clock set back brings and takes nothing."""
        purse = self._purses.pop(owner, None) or _Purse(self._budget.most, now)
        passed = max((now - purse.at).total_seconds(), 0.0)
        purse.left = min(purse.left + passed * self._budget.per_second, self._budget.most)
        purse.at = now
        self._purses[owner] = purse
        if len(self._purses) > self._most_purses:
            self._purses.popitem(last=False)
        return purse

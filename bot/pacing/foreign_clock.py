"""Another machine's clock, told by one's own. Pure: what was asked and heard when are arguments."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

REMEMBERED = 32
FRESH = 30.0  # seconds; two clocks drift apart by a millisecond in that time
TICKS = 0.002  # seconds: so much may two exchanges contradict each other, for clocks tick and drift


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer: what lies between the clocks, give or take, as known ``at`` a time."""

    at: float
    ahead: float
    doubt: float


class ForeignClock:
    """Turns times of another clock into one's own.

    It told its time at some moment between question and answer, at the middle at best guess. The quickest of
    the latest exchanges leaves the least doubt, as in NTP (RFC 5905, section 10). Where another contradicts
    the newest, one of the clocks was set in between, and what was known before counts for nothing.
    """

    def __init__(self) -> None:
        self._latest: deque[Exchange] = deque(maxlen=REMEMBERED)

    def learn(self, theirs: float, asked: float, heard: float) -> None:
        """Learn what the other clock told, and when it was asked and heard."""
        new = Exchange(heard, theirs - (asked + heard) / 2, (heard - asked) / 2)
        believed = [old for old in self._latest if new.at - old.at <= FRESH]
        if not all(_agree(old, new) for old in believed):
            believed = []
        self._latest = deque([*believed, new], REMEMBERED)

    def to_own(self, theirs: float) -> float:
        """Tell when it is so late there; at least one exchange must have been learned of."""
        return theirs - self._ahead

    def to_theirs(self, own: float) -> float:
        """Tell how late it is there at a time; the same holds."""
        return own + self._ahead

    @property
    def _ahead(self) -> float:
        return min(self._latest, key=lambda exchange: exchange.doubt).ahead


def _agree(one: Exchange, other: Exchange) -> bool:
    """Tell whether the same may lie between the clocks at both."""
    return abs(one.ahead - other.ahead) <= one.doubt + other.doubt + TICKS

"""How soon one more may go: a count in any window, a bucket for bursts.

Pure maths: seconds of a clock that never goes back are arguments. A rate of None is no limit.
"""

from __future__ import annotations

import math
from collections import deque

# What is counted here is counted again at Telegram's side, and the network may take a little longer for one
# message than for another. So all is spread over this much more time than Telegram asks.
HAIR = 0.05


class Window:
    """At most so many in any span of time, however they fall."""

    def __init__(self, rate: float | None, span: float) -> None:
        """Allow ``rate`` in each ``span``; the part of a message that a rate may have lengthens the span."""
        self.most = most_of(rate)
        self._span = span * self.most / rate if rate else 0.0
        self._taken: deque[float] = deque(maxlen=self.most)

    def ready_at(self, spared: int = 0) -> float:
        """Tell from when on one more fits and ``spared`` others, fewer than the most, fit after it."""
        taken, room = self._taken, self.most - spared
        return taken[-room] + self._span if self.most and len(taken) >= room else -math.inf

    def take(self, now: float) -> None:
        """Count one."""
        self._taken.append(now)

    def is_empty(self, now: float) -> bool:
        """Tell whether all that was taken is out of the window."""
        return not self._taken or self._taken[-1] + self._span <= now


class Bucket:
    """Bursts of at most so many, and one a span in the long run (the generic cell rate algorithm)."""

    def __init__(self, rate: float | None, burst: int) -> None:
        self._gap = (1 + HAIR) / rate if rate else 0.0
        self._burst = burst
        self._full_at = -math.inf

    def ready_at(self, spared: int = 0) -> float:
        """Tell from when on one may be taken and ``spared`` others, fewer than a burst, at once after it."""
        return self._full_at - (self._burst - 1 - spared) * self._gap

    def take(self, now: float) -> None:
        """Take one out."""
        self._full_at = max(self._full_at, now) + self._gap


def most_of(rate: float | None) -> int:
    """Tell how many whole messages a rate has; 0 is no limit."""
    return max(1, math.floor(rate)) if rate else 0

"""How many messages reach Telegram in a second, as it counts them itself. Pure: times are arguments."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from bot.pacing.allowances import most_of

HAIR = 0.002  # seconds: clocks tick, and two machines' clocks do not quite agree how long a second is
MOST_DELAY = 0.06  # seconds; whatever takes longer waits at Telegram's side, as a large file does
REMEMBERED_TRIPS = 100


@dataclass(slots=True, eq=False)
class Departure:
    """A request that has left, and how long it took until its answer came; 0 while it has not."""

    at: float
    took: float = 0.0


class Trips:
    """When requests have landed, as far as that can be told from here.

    A request lands at some time between its departure and its answer. The shortest of the latest trips is
    held for the way itself, there and back; what another took longer, for delay on the way there. One that
    leaves a second after that lands a second later or more, wherever the delay was.
    """

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=REMEMBERED_TRIPS)
        self._shortest = 0.0

    def note_return(self, departure: Departure, now: float) -> None:
        """Learn from an answer how long it took; what it says does not matter."""
        departure.took = now - departure.at
        self._latest.append(departure.took)
        self._shortest = min(self._latest)

    def landing(self, departure: Departure) -> float:
        """Tell when a request landed, if the way itself took no time."""
        return departure.at + min(max(departure.took - self._shortest, 0.0), MOST_DELAY)


class Landings:
    """Never more than so many in a second, however long each is on its way."""

    def __init__(self, per_second: float | None) -> None:
        most = most_of(per_second)
        self._span = most / per_second + HAIR if per_second else 0.0
        self._latest: deque[Departure] = deque(maxlen=most)
        self._landed_before = -math.inf  # the last landing of those that are not among the latest
        self._trips = Trips()

    @property
    def ready_at(self) -> float:
        """From when on one more may leave, as far as is known by now."""
        if not self._is_full:
            return -math.inf
        return max(self._landed_before, self._trips.landing(self._latest[0])) + self._span

    def depart(self, now: float) -> Departure:
        """Count one that leaves."""
        if self._is_full:
            self._landed_before = max(self._landed_before, self._trips.landing(self._latest[0]))
        departure = Departure(now)
        self._latest.append(departure)
        return departure

    def note_return(self, departure: Departure, now: float) -> None:
        """Learn from an answer how long it took."""
        self._trips.note_return(departure, now)

    @property
    def _is_full(self) -> bool:
        return bool(self._latest.maxlen) and len(self._latest) == self._latest.maxlen

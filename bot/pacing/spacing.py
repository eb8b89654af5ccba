"""When the bot as a whole may write: turns at even distances, of which no second holds too many.

Pure maths: seconds of a clock that never goes back are arguments.
"""

from __future__ import annotations

import math

from bot.pacing.landings import Departure, Landings

HAIR = 0.015  # turns are so much further apart than they need be; what jitter takes away is made up out of it
MADE_UP = 3.0  # turns; one that is later than so is no delay but a rest, after which the count begins anew


class Spacing:
    """So many turns a second, evenly.

    A turn that is taken a little late, as when the event loop was busy, does not put off those after it: they
    come closer until the time is made up. After a rest nothing bursts out.
    """

    def __init__(self, per_second: float | None) -> None:
        self._gap = (1 + HAIR) / per_second if per_second else 0.0
        self._due = -math.inf
        self._landings = Landings(per_second)

    @property
    def ready_at(self) -> float:
        """From when on the next turn may be taken, as far as is known by now."""
        return max(self._due, self._landings.ready_at)

    def take(self, now: float) -> Departure:
        """Take a turn: a request leaves."""
        is_late = now - self._due <= MADE_UP * self._gap
        self._due = (self._due if is_late else now) + self._gap
        return self._landings.depart(now)

    def note_return(self, departure: Departure, now: float) -> None:
        """Learn that the request of a turn was answered."""
        self._landings.note_return(departure, now)

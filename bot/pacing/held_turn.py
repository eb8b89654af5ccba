"""The turn that a process was given out of a pace that many processes keep. Pure: times are arguments."""

from __future__ import annotations

import math

from bot.pacing.allowances import most_of
from bot.pacing.limits import Urgency
from storage.paces import Pace

HAIR = 0.002  # seconds: clocks tick, and of another machine's clock nobody knows better
AHEAD = 3  # turns; what is pushed asks for none further ahead, so that an answer need not wait behind it
LATEST = 3  # turns; one that is not used by then is lost
PATIENCE = 1.0  # seconds; a push that got no turn for so long asks as an answer does
ALONE = 1.0  # seconds between turns of one's own, where nobody gives any: others may do the same


class HeldTurn:
    """At most one turn, for whoever goes first in this process when its time has come.

    One that nobody used soon after its time is lost, so that a rest is followed by no burst.

    Attributes:
        pace: What turns are asked for of.
        place: What the last turn took up of it; None where nobody gave it.
    """

    def __init__(self, per_second: float) -> None:
        places = most_of(per_second)
        self.pace = Pace(places, places / per_second + HAIR)
        self._at, self._usable_until = math.inf, -math.inf
        self.place: int | None = None
        self._ask_at = -math.inf
        self._refused_since = math.inf
        self._taken_at = -math.inf

    def ready_at(self, now: float) -> float | None:
        """Tell from when on the turn may be used; None where there is none, or none any more."""
        return self._at if now <= self._usable_until else None

    def take(self, now: float) -> bool:
        """Use the turn; False where there is none at this time."""
        if not self._at <= now <= self._usable_until:
            return False
        self._usable_until = -math.inf
        self._taken_at = now
        return True

    def ask_at(self, urgency: Urgency, now: float) -> float:
        """Tell from when on a turn may be asked for, where none is held."""
        return -math.inf if self._is_urgent(urgency, now) else self._ask_at

    def ahead(self, urgency: Urgency, now: float) -> float | None:
        """Tell how many seconds ahead a turn may be that is asked for; None for any."""
        return None if self._is_urgent(urgency, now) else AHEAD * self.pace.gap

    def give(self, at: float, place: int | None, now: float) -> None:
        """Hold a turn. One that was heard of too late, as from afar, counts as in time."""
        self._at, self._usable_until = at, max(at, now) + LATEST * self.pace.gap
        self.place = place
        self._ask_at, self._refused_since = -math.inf, math.inf

    def refuse(self, until: float, now: float) -> None:
        """Learn that there is none for what is pushed until then."""
        self._ask_at, self._refused_since = until, min(self._refused_since, now)

    def help_oneself(self, now: float) -> None:
        """Hold a turn that nobody gave, long after the last."""
        self.give(max(now, self._taken_at + ALONE), None, now)

    def _is_urgent(self, urgency: Urgency, now: float) -> bool:
        return urgency is Urgency.ANSWER or now - self._refused_since >= PATIENCE

"""Telegram's limits on how fast a bot may write. None is set at the start."""

import math
from collections import deque
from dataclasses import dataclass

from bot.playground.errors import UserMistake
from bot.playground.faults import too_many_requests
from bot.playground.fields import Fields

_MINUTE = 60.0
_LIMITED = ("send", "edit")
_FREE = frozenset({"sendchataction"})


@dataclass(frozen=True, slots=True)
class Rates:
    """The most messages a second in all, a second to one chat, a minute to one group; 0 is no limit."""

    per_second: int = 0
    per_chat_second: int = 0
    per_group_minute: int = 0


def read_rates(fields: Fields) -> Rates:
    """Return the limits that a request sets; what it leaves out is no limit.

    Raises:
        UserMistake: for a negative number.
    """
    names = ("per_second", "per_chat_second", "per_group_minute")
    rates = Rates(*(fields.integer(name) or 0 for name in names))
    if min(rates.per_second, rates.per_chat_second, rates.per_group_minute) < 0:
        raise UserMistake("a limit must not be negative")
    return rates


class Limits:
    """Counts the messages of the last second and minute, in all and of each chat."""

    def __init__(self) -> None:
        self.rates = Rates()
        self._sent: dict[tuple[str, str], deque[float]] = {}

    def set(self, rates: Rates) -> None:
        """Set the limits and begin to count anew."""
        self.rates = rates
        self._sent.clear()

    def check(self, method: str, chat_id: str, now: float) -> None:
        """Count a message where it is in the limits.

        Raises:
            Refusal: 429 where it is not, with the seconds to wait; it is not counted then.
        """
        if self.rates == Rates() or not method.startswith(_LIMITED) or method in _FREE:
            return
        windows = [
            (self._window("all", "", self.rates.per_second), 1.0),
            (self._window("chat", chat_id, self.rates.per_chat_second), 1.0),
            (self._window("group", chat_id, self.rates.per_group_minute * chat_id.startswith("-")), _MINUTE),
        ]
        wait = max(_wait(window, span, now) for window, span in windows)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for window, _ in windows:
            window.append(now)

    def _window(self, kind: str, chat_id: str, most: int) -> deque[float]:
        if not most:
            return deque(maxlen=0)
        return self._sent.setdefault((kind, chat_id), deque(maxlen=most))


def _wait(window: deque[float], span: float, now: float) -> float:
    """Return the seconds until one more fits: the oldest of a full window must be out of the span."""
    full = window.maxlen and len(window) == window.maxlen
    return window[0] + span - now if full else 0.0

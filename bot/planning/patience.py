"""Readers whose planning failed, in the memory of this process: each is tried again ever more seldom.

The database knows nothing of it: to that they are due, and after a restart they are tried at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=59)  # with the look that comes next, an hour at most once a fault is mended
MOST = 100_000  # readers remembered, some 30 MB; beyond, whoever failed longest ago is tried at each look


@dataclass(frozen=True, slots=True)
class _Failure:
    """When it failed last, and how long it is left alone since."""

    at: datetime
    rest: timedelta

    def rests(self, now: datetime) -> bool:
        """Tell whether it is too early to try; a clock that was set back since makes nobody wait for it."""
        return self.at <= now < self.at + self.rest


class Patience:
    """Remembers who failed, and when each is to be tried again.

    Args:
        most: How many are remembered.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._failures: dict[int, _Failure] = {}  # in the order of their time

    def __contains__(self, chat_id: int) -> bool:
        return chat_id in self._failures

    def rests(self, chat_id: int, now: datetime) -> bool:
        """Tell whether it is too early to try for a chat again."""
        failure = self._failures.get(chat_id)
        return failure is not None and failure.rests(now)

    def resting(self, now: datetime) -> npt.NDArray[np.int64]:
        """Name the chats for which it is too early, in no order."""
        found = [chat_id for chat_id, failure in self._failures.items() if failure.rests(now)]
        return np.array(found, dtype=np.int64)

    def note(self, chat_id: int, now: datetime) -> timedelta:
        """Note that it failed for a chat; tell how long it is left alone, twice as long each time."""
        last = self._failures.pop(chat_id, None)
        rest = min(2 * last.rest, LONGEST_REST) if last else FIRST_REST
        self._failures[chat_id] = _Failure(now, rest)
        if len(self._failures) > self._most:
            del self._failures[next(iter(self._failures))]
        return rest

    def forget(self, chat_id: int) -> None:
        """Forget a chat for which it worked."""
        self._failures.pop(chat_id, None)

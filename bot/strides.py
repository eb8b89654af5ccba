"""Strides: whether work that should go on does. A process whose work stands still is better begun anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta


class Strides:
    """Remembers when a work last went a step further, by a clock that nobody sets.

    A work that never began, or rests, does not stand still.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: float | None = None

    def step(self) -> None:
        """Note that the work went on; from now on it has to."""
        self._last = self._clock()

    def rest(self) -> None:
        """Note that there is no such work for this process any more."""
        self._last = None

    @property
    def still(self) -> timedelta:
        """How long it has stood still; zero where it need not go on."""
        return timedelta(seconds=0 if self._last is None else self._clock() - self._last)

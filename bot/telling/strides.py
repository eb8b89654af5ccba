"""Strides: whether work that should go on does. A process whose work stands still is better begun anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial


class Strides:
    """Remembers when a work last went a step further, by a clock that nobody sets.

    A work that never began, or rests, does not stand still. Of several that go on side by side, it is the
    one that stood still longest that counts.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[object, float] = {}

    def step(self, walker: object = None) -> None:
        """Note that the work, or one of several, went on; from now on it has to."""
        self._last[walker] = self._clock()

    def rest(self, walker: object = None) -> None:
        """Note that there is no such work for this process any more."""
        self._last.pop(walker, None)

    @contextmanager
    def walk(self) -> Iterator[Callable[[], None]]:
        """Have a piece of work watched until it ends; what is given notes that it went a step further."""
        walker = object()
        self.step(walker)
        try:
            yield partial(self.step, walker)
        finally:
            self.rest(walker)

    @property
    def still(self) -> timedelta:
        """How long it has stood still; zero where it need not go on."""
        now = self._clock()
        return timedelta(seconds=max((now - last for last in self._last.values()), default=0.0))

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.telling.strides import Strides


@dataclass
class Seconds:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_work_stands_still_since_its_last_step() -> None:
    seconds = Seconds()
    strides = Strides(seconds)
    strides.step()
    seconds.now += 200
    assert strides.still == timedelta(seconds=200)
    strides.step()
    assert strides.still == timedelta()


def test_a_work_that_never_began_or_rests_does_not_stand_still() -> None:
    """A process that ticks no more, for another one does, is not to be killed for that."""
    seconds = Seconds()
    strides = Strides(seconds)
    seconds.now += 200
    assert strides.still == timedelta()
    strides.step()
    strides.rest()
    seconds.now += 200
    assert strides.still == timedelta()

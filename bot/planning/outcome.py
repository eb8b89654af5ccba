"""What came of planning for many, and where the time went."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Step(StrEnum):
    """A step of planning for many at once; what is unusual is planned for one by one."""

    READ = "read"
    SCORE = "score"
    SELECT = "select"
    WRITE = "write"
    ALONE = "one by one"


@dataclass(frozen=True, slots=True)
class Planned:
    """How many readers were planned for, and how long that took.

    Attributes:
        readers: For whom it worked.
        failed: For whom it did not; they stay due.
        alone: How many of them were planned for one by one.
        seconds: What each `Step` took.
    """

    readers: int = 0
    failed: int = 0
    alone: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Planned) -> Planned:
        """Take two together."""
        return Planned(
            self.readers + other.readers,
            self.failed + other.failed,
            self.alone + other.alone,
            {step: self.seconds.get(step, 0.0) + other.seconds.get(step, 0.0) for step in Step},
        )

    def __str__(self) -> str:
        """Tell it in a line of the log."""
        steps = ", ".join(f"{step} {self.seconds.get(step, 0.0):.2f}" for step in Step)
        left = f", {self.failed} failed and stay due" if self.failed else ""
        return f"{self.readers} readers{left}, in {sum(self.seconds.values()):.2f} s ({steps})"


class Stopwatch:
    """Adds up what each step takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = dict.fromkeys(Step, 0.0)

    @contextmanager
    def timed(self, step: Step) -> Iterator[None]:
        """Count what is done meanwhile to a step."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] += time.perf_counter() - begun

"""Checks: what has to be so for a process to be well, or of use; each is told in a line without a secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.telling.strides import Strides

LONGEST_STILL = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, and what is wrong with it; None for nothing."""

    what: str
    trouble: str | None = None

    def __str__(self) -> str:
        """Write it as a line."""
        return f"{self.what}: {self.trouble or 'ok'}"


@dataclass(frozen=True, slots=True)
class Work:
    """Something that should go on, and how long it may stand still."""

    strides: Strides
    longest: timedelta = LONGEST_STILL


def check_works(works: Mapping[str, Work]) -> list[Check]:
    """Check that works that should go on do."""
    return [Check(what, _tell_standstill(work)) for what, work in works.items()]


def passed(checks: Iterable[Check]) -> bool:
    """Tell whether nothing is wrong."""
    return not any(check.trouble for check in checks)


def _tell_standstill(work: Work) -> str | None:
    still = work.strides.still
    return f"stands still for {still.total_seconds():.0f} s" if still > work.longest else None

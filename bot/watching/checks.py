"""Checks: what has to be so for a process to be well, or of use; each is told in a line without a secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.strides import Strides

LONGEST_STILL = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, and what is wrong with it; None for nothing."""

    what: str
    trouble: str | None = None

    def __str__(self) -> str:
        """Write it as a line."""
        return f"{self.what}: {self.trouble or 'ok'}"


def check_strides(works: Mapping[str, Strides]) -> list[Check]:
    """Check that works that should go on do."""
    return [Check(what, _tell_standstill(strides.still)) for what, strides in works.items()]


def passed(checks: Iterable[Check]) -> bool:
    """Tell whether nothing is wrong."""
    return not any(check.trouble for check in checks)


def _tell_standstill(still: timedelta) -> str | None:
    return f"stands still for {still.total_seconds():.0f} s" if still > LONGEST_STILL else None

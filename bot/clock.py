"""The clock: the one place of the bot that reads it. All else is told what time it is."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def elapsed() -> float:
    """Read seconds that nobody sets, and that go by while the machine sleeps where that can be known."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()

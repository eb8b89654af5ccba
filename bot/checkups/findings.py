"""What the doctor finds of a part: how it does, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a part does."""

    WELL = "✓"
    HINT = "!"
    BROKEN = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part."""

    health: Health
    part: str
    says: str

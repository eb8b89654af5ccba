"""Telegram's limits on how fast a bot may write, and who goes first where not all can go."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Limits:
    """The most messages a second in all and to one chat, and a minute to one group; None for no limit."""

    per_second: float | None = 30.0
    per_chat_second: float | None = 1.0
    per_group_minute: float | None = 20.0


NO_LIMITS = Limits(None, None, None)


class Urgency(Enum):
    """Who waits for a request."""

    ANSWER = "answer"
    """Somebody who has just tapped or written: it goes before what is pushed, and waits out a flood pause."""
    PUSH = "push"
    """Nobody: the ledger holds it, and has it sent later where a pause is on."""

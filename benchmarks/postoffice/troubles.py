"""What the post office may do wrong with a request, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Refused:
    """Answer with an error, and do nothing."""

    code: int
    words: str
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cut:
    """Close the connection without an answer, before the request is carried out or after it."""

    carried_out: bool


@dataclass(frozen=True, slots=True)
class Late:
    """Carry the request out, and answer only so many seconds later."""

    seconds: float


Trouble: TypeAlias = Refused | Cut | Late


def flooded(seconds: int) -> Refused:
    """Ask for patience."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def blocked() -> Refused:
    """Say that the reader blocked the bot."""
    return Refused(403, "Forbidden: bot was blocked by the user")


def moved(new_chat_id: int) -> Refused:
    """Say that the group became a supergroup."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refused(400, words, {"migrate_to_chat_id": new_chat_id})


def server_error() -> Refused:
    """Fail as Telegram's own servers do at times."""
    return Refused(502, "Bad Gateway")


def answered_before() -> Refused:
    """Say that a press cannot be answered, or not any more."""
    return Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")

"""What a reader may be, and how their digests come: words that several nouns share."""

from __future__ import annotations

from enum import StrEnum


class Layout(StrEnum):
    """How a digest comes."""

    LIST = "list"
    """In one message."""
    CARDS = "cards"
    """In a message a pick."""


class ReaderState(StrEnum):
    """Whether a reader gets digests, and if not, why."""

    ACTIVE = "active"
    PAUSED = "paused"
    """The reader wished so."""
    BLOCKED = "blocked"
    """The reader blocked the bot or removed it from the chat."""
    GONE = "gone"
    """The chat was not found, thrice."""

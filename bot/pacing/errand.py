"""What a request is to the pace: which method, into which chat, how urgent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.pacing.limits import Urgency

Chat: TypeAlias = int | str
"""A chat's id, or ``@name`` of a public group or channel."""

_WRITING = ("send", "edit", "copy", "forward")
_FREE = frozenset({"sendChatAction"})


@dataclass(frozen=True, slots=True)
class Terms:
    """How a request is to be made. ``assure`` is awaited when its turn has come; it may raise instead."""

    urgency: Urgency | None
    assure: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """One request. ``chat`` is the one that it writes into; None where nothing is written."""

    method: str
    chat: Chat | None
    urgency: Urgency


def read_errand(method: str, data: Mapping[str, Any], urgency: Urgency | None) -> Errand:
    """Tell what a request is; one that does not say how urgent it is answers somebody.

    Telegram counts what is sent and edited in a chat. Answers to presses may be given without any limit (its
    makers, tdlib/telegram-bot-api issue 648).
    """
    writes = method.startswith(_WRITING) and method not in _FREE
    return Errand(method, _read_chat(data.get("chat_id")) if writes else None, urgency or Urgency.ANSWER)


def is_group(chat: Chat) -> bool:
    """Tell whether a group's limit holds in a chat: in channels too, and what has a name is either."""
    return isinstance(chat, str) or chat < 0


def _read_chat(chat_id: Chat | None) -> Chat | None:
    try:
        return None if chat_id is None else int(chat_id)
    except ValueError:
        return chat_id

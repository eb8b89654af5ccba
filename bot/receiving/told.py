"""What Telegram tells of: an update, whether or not python-telegram-bot can make anything of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import Bot, Update

from storage.inbox import NO_CHAT, KeptUpdate

_LARGEST = 2**63 - 1  # what a column holds


class UnknownUpdateError(ValueError):
    """It is no update, or one without a number."""


@dataclass(frozen=True, slots=True)
class Told:
    """An update as it came.

    Attributes:
        chat_id: The chat that it is about, `NO_CHAT` for none.
        body: The update as JSON, to be kept.
        update: What the handlers are given; None where it cannot be read.
    """

    update_id: int
    chat_id: int
    body: str
    update: Update | None

    @classmethod
    def of(cls, update: Update) -> Told:
        """Tell of an update that was read."""
        return cls(update.update_id, chat_of(update), update.to_json(), update)

    def to_keep(self, now: datetime) -> KeptUpdate:
        """Make what stands of it in the inbox; set aside where it cannot be read."""
        return KeptUpdate(self.update_id, self.chat_id, self.body, now, aside=self.update is None)


def read_told(content: Any, bot: Bot) -> Told:
    """Read an update out of JSON that was parsed.

    Raises:
        UnknownUpdateError: It has no number, so that nothing can be known of it.
    """
    update_id = content.get("update_id") if isinstance(content, dict) else None
    if type(update_id) is not int or not 0 <= update_id <= _LARGEST:
        raise UnknownUpdateError("no update that has a number")
    update = read_update(content, bot)
    return Told(update_id, chat_of(update) if update else NO_CHAT, json.dumps(content), update)


def read_update(content: Any, bot: Bot) -> Update | None:
    """Read an update; None where that is not possible."""
    try:
        update = Update.de_json(content, bot)
        return update if abs(chat_of(update)) <= _LARGEST else None
    except Exception:  # noqa: BLE001 - it can be anything; who asked sets it aside, and says so
        return None


def chat_of(update: Update) -> int:
    """Tell which chat an update is about."""
    return update.effective_chat.id if update.effective_chat else NO_CHAT

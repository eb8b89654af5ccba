"""Which command of ours a message is. Pure."""

from __future__ import annotations

from telegram import Message, MessageEntity


def command_of(message: Message) -> str | None:
    """Name the command that a message begins with, in small letters; None for none, or another bot's."""
    first = next(iter(message.entities), None)
    if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset:
        return None
    command, _, name = message.parse_entity(first).lower().partition("@")
    is_ours = name in {"", (message.get_bot().username or "").lower()}
    return command.removeprefix("/") if is_ours else None

"""How Telegram is asked for updates, whichever way they come."""

from __future__ import annotations

from telegram import Update
from telegram.error import RetryAfter, TelegramError

from bot.pacing.asked_pause import pause_asked

WANTED = (
    Update.MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.MESSAGE_REACTION,
    Update.MESSAGE_REACTION_COUNT,
)


def pause_after(error: TelegramError, pause: float) -> float:
    """Tell how many seconds to wait after an error: as many as Telegram asks for, else the pause given."""
    return pause_asked(error).total_seconds() if isinstance(error, RetryAfter) else pause

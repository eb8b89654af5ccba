"""Flood control: how long Telegram asks to wait."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import RetryAfter


def pause_asked(answer: RetryAfter) -> timedelta:
    """Read the pause out of a flood answer; python-telegram-bot tells it as a number or, soon, as a span."""
    pause = answer.retry_after
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)

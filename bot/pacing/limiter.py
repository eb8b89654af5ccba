"""The pace of all that the bot sends: python-telegram-bot hands each request to the limiter, which says when."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeAlias

from telegram.ext import BaseRateLimiter

from bot.pacing.limits import Limits, Urgency

Answered: TypeAlias = "bool | dict[str, Any] | list[dict[str, Any]]"


class Limiter(BaseRateLimiter[Urgency]):
    """Keeps within Telegram's limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    @property
    def pause(self) -> timedelta:
        """How long the whole bot is to keep silent from now on; zero where it may send."""
        return timedelta()

    async def initialize(self) -> None:
        """Begin; nothing needs to be made."""

    async def shutdown(self) -> None:
        """End; nothing needs to be let go."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answered]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> Answered:
        """Make a request when its turn comes.

        Raises:
            RetryAfter: Telegram asks for patience, or did so before and what is pushed would have to wait.
        """
        return await callback(*args, **kwargs)

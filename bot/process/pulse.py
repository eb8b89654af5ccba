"""The pulse: what every process does for itself again and again, whoever else does so too.

What only one process may do is called by `bot.process.timers`, in the one that leads (`bot.process.leading`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from bot.process.attempts import Attempts, Round
from bot.process.stopping import end

log = logging.getLogger(__name__)


class Pulse:
    """Calls each round so long after the last time it ended, until it is stopped."""

    def __init__(self) -> None:
        self._attempts = Attempts()
        self._rounds: list[Coroutine[Any, Any, None]] = []
        self._beating: set[asyncio.Task[None]] = set()

    def repeat(self, name: str, round_: Round, every: timedelta) -> None:
        """Call a round at once and then every so often. ``name`` stands in the log, as in "delivering"."""
        self._rounds.append(self._beat(name, round_, every.total_seconds()))

    def start(self) -> None:
        """Begin to call."""
        self._beating = {asyncio.create_task(beat) for beat in self._rounds}

    async def stop(self) -> None:
        """Call nothing more, and end the rounds that are under way, wherever they are."""
        await end(self._beating)

    async def _beat(self, name: str, round_: Round, seconds: float) -> None:
        while True:
            try:
                await self._attempts.make(name, round_)
            except Exception:  # a bug in one round must not end it for ever, nor the others
                log.exception("%s failed", name)
            await asyncio.sleep(seconds)

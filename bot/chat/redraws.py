"""Messages that show how things stand, drawn anew from the database in the background.

Those of one chat are drawn one after the other: a chat whose pace is used up keeps others from one place and
no more. A message that changes again while it waits or is drawn is drawn once more, as things stand then. So
twenty taps cost two edits, the last of them true, and nobody's next tap waits for them. Nothing here is kept:
what was voted on stands in the database, and any later edit shows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Self, TypeAlias

from telegram.error import TelegramError

from storage.errors import StorageError

log = logging.getLogger(__name__)

Draw: TypeAlias = Callable[[], Awaitable[None]]
AT_ONCE = 4  # few, so that those who tap come before those who look
LAST_SECONDS = 2.0


class Redraws:
    """Draws what is out of date. As a context it draws, at the end, what is left, within a short while."""

    def __init__(self) -> None:
        self._stale: dict[int, dict[int, Draw]] = {}  # by chat, then by message
        self._drawing: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        if left := [*self._drawing]:
            await asyncio.wait(left, timeout=LAST_SECONDS)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def mark(self, chat_id: int, message_id: int, draw: Draw) -> None:
        """Have a message drawn; of what it is marked with while it waits, the last holds."""
        if chat_id not in self._stale:
            self._stale[chat_id] = {}
            drawing = asyncio.create_task(self._keep_up(chat_id))
            self._drawing.add(drawing)
            drawing.add_done_callback(self._drawing.discard)
        self._stale[chat_id][message_id] = draw

    async def _keep_up(self, chat_id: int) -> None:
        stale = self._stale[chat_id]
        try:
            while stale:
                async with self._room:
                    await _try(stale.pop(next(iter(stale))))
        finally:
            del self._stale[chat_id]


async def _try(draw: Draw) -> None:
    try:
        await draw()
    except (TelegramError, StorageError) as error:
        log.warning("a message could not be redrawn: %s", error)
    except Exception:  # a bug in one message must not leave the others of its chat as they were
        log.exception("a message could not be redrawn")

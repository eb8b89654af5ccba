"""Updates on their way from Telegram to the handlers: kept in the inbox until they are carried out.

Those of one chat are carried out in order, each after the one before has left the inbox; those of different
chats side by side. So of each chat at most one, the last, is carried out again after a crash, and every
handler answers for that one: a second time changes nothing.

How updates come here, `long_poll` and `webhook` know; what they mean, the handlers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from telegram.error import InvalidToken
from telegram.ext import Application

from bot.receiving.alone import Alone
from bot.receiving.persistence import Persistence
from bot.receiving.shared import Shared
from bot.receiving.sieve import Sieve, log_unreadable
from bot.receiving.told import Told
from bot.receiving.work import Excuse, Handling, Turns, Work
from bot.telling.strides import Strides
from storage.database import Database
from storage.errors import StorageError


class Updates:
    """Takes updates in and has them carried out.

    Args:
        application: Whose handlers carry out. A StorageError of theirs it must raise: it is tried again.
        excuse: Tells whoever waits for an answer that it will be late.

    Attributes:
        stopping: Set to end: no more is taken in, and what was is carried out.
        listening: The strides of whoever asks Telegram for updates, and takes them in.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        database: Database,
        clock: Callable[[], datetime],
        excuse: Excuse,
    ) -> None:
        self.application = application
        self.stopping = asyncio.Event()
        self.listening = Strides()
        self.persistence = Persistence(self.stopping)
        self.handling = Handling(application, excuse, self.persistence)
        sieve = Sieve(database, self.persistence, application.bot)
        self._turns: Turns = (Shared if database.is_shared else Alone)(
            database, clock, self.persistence, sieve
        )

    @property
    def is_full(self) -> bool:
        """Whether no more should be taken in for the moment."""
        return self._turns.is_full

    async def take(self, told: Sequence[Told], tasks: asyncio.TaskGroup) -> None:
        """Keep updates, and begin those that are new; when this returns, Telegram may forget them.

        Raises:
            StorageError: They cannot be kept. None of them is begun.
        """
        if not told:
            return
        with self.listening.walk():
            begun = await self._turns.take(told)
        self.persistence.relax()
        for each in told:
            if not each.update:
                log_unreadable(each.update_id)
        work = self._work(tasks)
        for update in begun:
            work.begin(update)

    async def replay(self, tasks: asyncio.TaskGroup) -> None:
        """Begin what was kept before the process began."""
        await self._turns.resume(self._work(tasks))

    async def end(self) -> None:
        """Note that the process ends in order, whatever is left."""
        try:
            await self._turns.end()
        except StorageError as error:
            self.persistence.note(error)

    def _work(self, tasks: asyncio.TaskGroup) -> Work:
        return Work(self.handling, self._turns, tasks)


async def carry_out_all(updates: Updates, serve: Callable[[asyncio.TaskGroup], Awaitable[None]]) -> None:
    """Carry out what waits and what is served, until that ends; what was taken in by then is carried out.

    Raises:
        InvalidToken: Telegram does not know the bot.
    """
    refused: InvalidToken | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            try:
                if not updates.stopping.is_set():
                    await updates.replay(tasks)
                await serve(tasks)
            except InvalidToken as error:  # raised when all else has ended, and not in a group of one
                refused = error
                updates.stopping.set()
    finally:
        await updates.end()
    if refused:
        raise refused

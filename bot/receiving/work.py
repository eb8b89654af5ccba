"""The work on updates: each is carried out, however often it takes, and then the chat's next one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeAlias

from structlog.contextvars import bound_contextvars
from telegram import Update
from telegram.ext import Application

from bot.receiving.persistence import Persistence, back_off
from bot.receiving.room import Room
from bot.receiving.told import Told
from bot.telling.observations import UpdateTimes
from bot.telling.strides import Strides
from storage.errors import StorageError

log = logging.getLogger(__name__)

Excuse: TypeAlias = Callable[[Update], Awaitable[None]]
Ask: TypeAlias = Callable[[Update], Awaitable[bool]]
SIDE_BY_SIDE = 64  # chats at once: more only wait for the same processor and the same disk
LONGEST_TURN_S = 1.0  # after it a chat is served beside those
LONGEST_WAIT = timedelta(days=1)  # so long Telegram itself would have kept an update


class Turns(Protocol):
    """Knows what waits, and says whose turn it is. Of a chat it hands out one update at a time."""

    @property
    def is_full(self) -> bool:
        """Whether no more should be taken in for the moment."""

    async def take(self, told: Sequence[Told]) -> Sequence[Update]:
        """Keep updates; give those whose turn it is.

        Raises:
            StorageError: They cannot be kept. None of them is to be begun.
        """

    async def still_has(self, update: Update) -> bool:
        """Tell whether an update in hand is not another process's by now; if it is, it is in hand no more.

        Raises:
            StorageError: Nobody can tell.
        """

    async def pass_on(self, update: Update) -> Update | None:
        """Take out what was carried out; give the chat's next one. None also if the bot is to stop first."""

    async def resume(self, work: Work) -> None:
        """Have done what was left behind."""

    async def end(self) -> None:
        """Note that the process ends in order, whatever is left."""


class Handling:
    """Has updates carried out by the handlers of an application.

    Args:
        application: A StorageError of its handlers it must raise: it is tried again.
        excuse: Tells whoever waits for an answer that it will be late.

    Attributes:
        strides: Of each try of a handler.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        excuse: Excuse,
        persistence: Persistence,
    ) -> None:
        self.persistence = persistence
        self.times = UpdateTimes()
        self.strides = Strides()
        self._application = application
        self._excuse = excuse
        self._room = Room(SIDE_BY_SIDE, LONGEST_TURN_S)

    async def carry_out(self, update: Update, still_has: Ask) -> bool:
        """Carry out an update; tell whether it is to be taken out.

        Not so where the bot is to stop before, or where after a try that failed another process has it: that
        is what ``still_has`` tells. Where it raises a StorageError, nothing is tried.
        """
        waited = timedelta()  # and not since when: a clock may jump, and a process sleep for days
        for tries, pause in enumerate(back_off()):
            try:
                async with self._room.place():
                    with self.strides.walk():
                        if tries and not await still_has(update):
                            return False
                        await self._application.process_update(update)
                break
            except StorageError as error:
                self.persistence.note(error)
            if waited >= LONGEST_WAIT:
                log.error("update %d could not be carried out for a day", update.update_id)
                break
            if not tries:
                await self._excuse(update)
            if await self.persistence.wait(pause):
                return False
            waited += timedelta(seconds=pause)
        return True


class Work:
    """What is under way, chats side by side, each as a task of a group."""

    def __init__(self, handling: Handling, turns: Turns, tasks: asyncio.TaskGroup) -> None:
        self._handling = handling
        self._turns = turns
        self._tasks = tasks

    def begin(self, update: Update) -> None:
        """Carry out an update and what follows it in its chat, beside all else."""
        self.spawn(self._work_off(update))

    async def do_alone(self, update: Update) -> None:
        """Carry out an update before this returns; what follows it in its chat is begun then."""
        if follower := await self._do(update):
            self.begin(follower)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do something beside all else."""
        self._tasks.create_task(coroutine)

    async def _work_off(self, update: Update) -> None:
        """Carry out what a chat said, in order; what a stop leaves behind, it leaves to the next start."""
        upcoming: Update | None = update
        while upcoming:
            upcoming = await self._do(upcoming)

    async def _do(self, update: Update) -> Update | None:
        with bound_contextvars(update_id=update.update_id), self._handling.times.timed():
            is_done = await self._handling.carry_out(update, self._turns.still_has)
            return await self._turns.pass_on(update) if is_done else None

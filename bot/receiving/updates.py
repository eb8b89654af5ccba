"""Updates on their way from Telegram to the handlers: kept in the inbox until they are carried out.

Those of one chat are carried out in order, each after the one before has left the inbox; those of different
chats side by side. So of each chat at most one, the last, is carried out again after a crash, and every
handler answers for that one: a second time changes nothing.

How updates come here, `long_poll` knows; what they mean, the handlers.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import Application

from bot.receiving.clearing import Clearing
from bot.receiving.persistence import Persistence, back_off
from bot.receiving.room import Room
from storage import inbox
from storage.database import Database
from storage.errors import StorageError
from storage.inbox import NO_CHAT, KeptUpdate

log = logging.getLogger(__name__)

Excuse: TypeAlias = Callable[[Update], Awaitable[None]]
SIDE_BY_SIDE = 64  # chats at once: more only wait for the same processor and the same disk
LONGEST_TURN_S = 1.0  # after it a chat is served beside those
MOST_WAITING = 10_000  # more are left with Telegram, which keeps them for a day
MOST_TRIES = 10  # an innocent one may be in hand at several kills in a row, and is not to be lost by it
LONGEST_WAIT = timedelta(days=1)  # so long Telegram itself would have kept an update


class Updates:
    """Takes updates in and has them carried out.

    Args:
        application: Whose handlers carry out. A StorageError of theirs it must raise: it is tried again.
        excuse: Tells whoever waits for an answer that it will be late.

    Attributes:
        stopping: Set to end: no more is taken in, and what was is carried out.
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
        self.persistence = Persistence(self.stopping)
        self._database = database
        self._clock = clock
        self._excuse = excuse
        self._clearing = Clearing(database, clock, self.persistence)
        self._room = Room(SIDE_BY_SIDE, LONGEST_TURN_S)
        self._of_chat: dict[int, deque[Update]] = {}

    @property
    def is_full(self) -> bool:
        """Whether no more should be taken in for the moment."""
        return sum(map(len, self._of_chat.values())) >= MOST_WAITING

    async def take(self, updates: Sequence[Update], tasks: asyncio.TaskGroup) -> None:
        """Keep updates, and begin those that are new; when this returns, Telegram may forget them.

        Raises:
            StorageError: They cannot be kept. None of them is begun.
        """
        now = self._clock()
        told = [KeptUpdate(each.update_id, _chat_of(each), each.to_json(), now) for each in updates]
        if not told:
            return
        async with self._database.writing() as session:
            new = await inbox.keep(session, told)
        self.persistence.relax()
        for update in updates:
            if update.update_id in new:
                self._begin(update, tasks)

    async def replay(self, tasks: asyncio.TaskGroup) -> None:
        """Begin what was kept before the process began.

        What is here for the second time may have ended the process twice, or stood beside what did. It is
        carried out alone, so that only the culprit reaches `MOST_TRIES` and is set aside.
        """
        left = await self.persistence.see_through(self._read_left)
        suspects = [kept for kept in left or () if kept.tries]
        for kept in suspects:
            await self._try_alone(kept)
        others = [kept for kept in left or () if not kept.tries]
        await self._count_try(others)
        for kept in others:
            if update := await self._read(kept):
                self._begin(update, tasks)

    async def end(self) -> None:
        """Note that the process ends in order, whatever is left."""
        try:
            async with self._database.writing() as session:
                await inbox.acquit(session)
        except StorageError as error:
            self.persistence.note(error)

    def _begin(self, update: Update, tasks: asyncio.TaskGroup) -> None:
        chat_id = _chat_of(update)
        if chat_id in self._of_chat:
            self._of_chat[chat_id].append(update)
        else:
            self._of_chat[chat_id] = deque([update])
            tasks.create_task(self._work_off(chat_id))

    async def _work_off(self, chat_id: int) -> None:
        """Carry out what a chat said, in order; what a stop leaves behind, it leaves to the next start."""
        queue = self._of_chat[chat_id]
        while queue and await self._see_through(queue[0]):
            queue.popleft()
        del self._of_chat[chat_id]

    async def _see_through(self, update: Update) -> bool:
        """Carry out an update, however often it takes, and take it out of the inbox.

        Returns:
            Whether it is out of the way; False where the bot is to stop before that.
        """
        waited = timedelta()  # and not since when: a clock may jump, and a process sleep for days
        for tries, pause in enumerate(back_off()):
            try:
                async with self._room.place():
                    await self.application.process_update(update)
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
        return await self._clearing.clear(update.update_id)

    async def _read_left(self) -> list[KeptUpdate]:
        async with self._database.reading() as session:
            return await inbox.waiting(session)

    async def _try_alone(self, kept: KeptUpdate) -> None:
        """Carry out a suspect, unless it has been tried too often; while it is, nothing else is."""
        if kept.tries >= MOST_TRIES:
            log.error("update %d ended the process %d times: it is set aside", kept.update_id, kept.tries)
            await self.persistence.see_through(lambda: self._set_aside(kept))
            return
        await self._count_try([kept])
        if update := await self._read(kept):
            await self._see_through(update)

    async def _count_try(self, begun: Sequence[KeptUpdate]) -> None:
        async def count() -> None:
            async with self._database.writing() as session:
                await inbox.count_try(session, [kept.update_id for kept in begun])

        await self.persistence.see_through(count)

    async def _read(self, kept: KeptUpdate) -> Update | None:
        """Read an update; one that python-telegram-bot cannot read any more is set aside."""
        try:
            return Update.de_json(json.loads(kept.body), self.application.bot)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            log.error("update %d cannot be read (%s): it is set aside", kept.update_id, type(error).__name__)  # noqa: TRY400 - what the exception says may quote it
        await self.persistence.see_through(lambda: self._set_aside(kept))
        return None

    async def _set_aside(self, kept: KeptUpdate) -> None:
        async with self._database.writing() as session:
            await inbox.set_aside(session, kept.update_id)


def _chat_of(update: Update) -> int:
    return update.effective_chat.id if update.effective_chat else NO_CHAT

"""Whose turn it is where one process is alone with its database: what waits is queued in memory, too."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from telegram import Update

from bot.receiving.clearing import Clearing
from bot.receiving.persistence import Persistence
from bot.receiving.sieve import Sieve
from bot.receiving.told import Told, chat_of
from bot.receiving.work import Work
from storage import inbox
from storage.database import Database
from storage.inbox import KeptUpdate

MOST_WAITING = 10_000  # more are left with Telegram, which keeps them for a day


class Alone:
    """A queue for each chat of which something is in hand; what is in hand stands in none."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], persistence: Persistence, sieve: Sieve
    ) -> None:
        self._database = database
        self._clock = clock
        self._persistence = persistence
        self._sieve = sieve
        self._clearing = Clearing(database, clock, persistence)
        self._of_chat: dict[int, deque[Update]] = {}

    @property
    def is_full(self) -> bool:
        """Whether so much waits that more is better left with Telegram."""
        return len(self._of_chat) + sum(map(len, self._of_chat.values())) >= MOST_WAITING

    async def take(self, told: Sequence[Told]) -> Sequence[Update]:
        """Keep updates; give those whose turn it is."""
        kept = [each.to_keep(self._clock()) for each in told]
        async with self._database.writing() as session:
            new = await inbox.keep(session, kept)
        updates = [each.update for each in told if each.update and each.update_id in new]
        return [update for update in updates if self._is_next(update)]

    async def still_has(self, update: Update) -> bool:
        """Tell whether an update is in hand; nobody else could have it."""
        return chat_of(update) in self._of_chat

    async def pass_on(self, update: Update) -> Update | None:
        """Take out what was carried out; give the chat's next one.

        At a stop the chat's queue stays, or what comes last would be carried out before it.
        """
        if not await self._clearing.clear(update.update_id):
            return None
        chat_id = chat_of(update)
        if queue := self._of_chat[chat_id]:
            return queue.popleft()
        del self._of_chat[chat_id]
        return None

    async def resume(self, work: Work) -> None:
        """Begin what was kept before the process began.

        What is here for the second time may have ended the process twice, or stood beside what did. It is
        carried out alone, so that only the culprit reaches `MOST_TRIES` and is set aside.
        """
        left = await self._persistence.see_through(self._read_left) or []
        for kept in left:
            if kept.tries and (update := await self._sieve.read(kept)):
                await self._count_try([kept])
                self._is_next(update)
                await work.do_alone(update)
        others = [kept for kept in left if not kept.tries]
        await self._count_try(others)
        for kept in others:
            if (update := await self._sieve.read(kept)) and self._is_next(update):
                work.begin(update)

    async def end(self) -> None:
        """Count no try of what is left: it has ended no process."""
        async with self._database.writing() as session:
            await inbox.acquit(session)

    def _is_next(self, update: Update) -> bool:
        """Tell whether it is an update's turn; queue it where it is not."""
        chat_id = chat_of(update)
        if chat_id in self._of_chat:
            self._of_chat[chat_id].append(update)
            return False
        self._of_chat[chat_id] = deque()
        return True

    async def _read_left(self) -> list[KeptUpdate]:
        async with self._database.reading() as session:
            return await inbox.waiting(session)

    async def _count_try(self, begun: Sequence[KeptUpdate]) -> None:
        async def count() -> None:
            async with self._database.writing() as session:
                await inbox.count_try(session, [kept.update_id for kept in begun])

        await self._persistence.see_through(count)

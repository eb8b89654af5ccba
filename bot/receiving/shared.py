"""Whose turn it is where many processes are told updates: what waits stands in the database alone.

Of each chat one update is in hand, of one process (`storage.turns`). Who is told an update keeps it, and
begins it where nobody holds its chat. Who has carried one out is handed the chat's next one, whoever was told
it. What a process had in hand that died is taken over by others, many at once; what is then left behind once
more, one at a time, so that only the culprit comes back again and again and is set aside. Who lives, but
could not say so for as long, asks whose an update is before it tries again what the database refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from telegram import Update

from bot.grouped import Grouped
from bot.receiving.persistence import Persistence
from bot.receiving.sieve import Sieve
from bot.receiving.told import Told
from bot.receiving.work import Work
from storage import inbox, turns
from storage.database import Database
from storage.inbox import KeptUpdate

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)  # without a word from it, a process counts as dead after that
RENEW_SECONDS = 10.0
LOOK_SECONDS = 10.0  # so often is looked for what nobody carries out
MOST_AT_ONCE = 100  # chats that one look begins; the next processes have a share, too
NEXT_LOOK_SECONDS = 0.25  # where a look found as many: all that stood still for hours may wait
MOST_WAITING = 10_000  # more are left with Telegram, which keeps them for a day


class Shared:
    """A part of the chats, those that this process holds; no other process begins anything of theirs."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], persistence: Persistence, sieve: Sieve
    ) -> None:
        self._database = database
        self._clock = clock
        self._persistence = persistence
        self._sieve = sieve
        self._holder = turns.Holder(uuid4().hex, LEASE)
        self._in_hand: dict[int, int] = {}  # the chat of each update
        self._waiting = 0  # when it was looked last, whoever holds it
        self._settling = Grouped(self._settle)

    @property
    def is_full(self) -> bool:
        """Whether so much waits that more is better left with Telegram."""
        return self._waiting >= MOST_WAITING

    async def take(self, told: Sequence[Told]) -> Sequence[Update]:
        """Keep updates; give the first one of each chat that nobody held."""
        now = self._clock()
        kept = [each.to_keep(now) for each in told]
        async with self._database.writing() as session:
            claimed = await turns.keep(session, kept, self._holder, now)
        return await self._receive(claimed)

    async def still_has(self, update: Update) -> bool:
        """Renew the lease of an update in hand; let go of it where another process took it over."""
        async with self._database.writing() as session:
            renewed = await turns.renew(session, self._holder, self._clock(), [update.update_id])
        if not renewed:
            log.warning("update %d was in hand for too long: another process took it over", update.update_id)
            del self._in_hand[update.update_id]
        return bool(renewed)

    async def pass_on(self, update: Update) -> Update | None:
        """Take out what was carried out; give the chat's next one, or let the chat go."""
        upcoming = await self._persistence.see_through(lambda: self._settling.do(update.update_id))
        del self._in_hand[update.update_id]
        return next(iter(await self._receive([upcoming] if upcoming else [])), None)

    async def resume(self, work: Work) -> None:
        """Take up what nobody carries out, now and again and again."""
        work.spawn(self._renew_for_ever())
        work.spawn(self._look_for_ever(work))

    async def end(self) -> None:
        """Let all chats go."""
        async with self._database.writing() as session:
            await turns.give_up(session, self._holder)

    async def _settle(self, update_ids: Sequence[int]) -> Sequence[KeptUpdate | None]:
        done = {update_id: self._in_hand[update_id] for update_id in update_ids}
        async with self._database.writing() as session:
            claimed = await turns.settle(session, done, self._holder, self._clock())
        upcoming = {kept.chat_id: kept for kept in claimed}
        return [upcoming.pop(done[update_id], None) for update_id in update_ids]

    async def _receive(self, claimed: Iterable[KeptUpdate]) -> list[Update]:
        """Have updates in hand; what is left of a chat after one that cannot be read waits for a look.

        One that is in hand had been lost, and its heir let it go: it is begun already.
        """
        new = [kept for kept in claimed if kept.update_id not in self._in_hand]
        self._in_hand |= {kept.update_id: kept.chat_id for kept in new}
        read = {kept.update_id: await self._sieve.read(kept) for kept in new}
        for update_id in [update_id for update_id, update in read.items() if not update]:
            del self._in_hand[update_id]
        return [update for update in read.values() if update]

    async def _renew_for_ever(self) -> None:
        while not await self._persistence.wait(RENEW_SECONDS):
            await self._persistence.see_through(self._renew)

    async def _renew(self) -> None:
        async with self._database.writing() as session:
            await turns.renew(session, self._holder, self._clock(), self._in_hand)

    async def _look_for_ever(self, work: Work) -> None:
        while True:
            is_more_likely = await self._take_up(work)
            if await self._persistence.wait(NEXT_LOOK_SECONDS if is_more_likely else LOOK_SECONDS):
                break

    async def _take_up(self, work: Work) -> bool:
        """Begin what nobody holds; then, one by one, what may have ended whoever held it.

        Returns:
            Whether there was more to begin than one look does.
        """
        claimed = await self._persistence.see_through(self._claim) or []
        for update in await self._receive(claimed):
            work.begin(update)
        if len(claimed) >= MOST_AT_ONCE:
            return True
        while kept := await self._persistence.see_through(self._take_over_suspect):
            for suspect in await self._receive([kept]):
                await work.do_alone(suspect)
        return False

    async def _claim(self) -> list[KeptUpdate]:
        """Hold chats that nobody holds, and those whose holder died."""
        now = self._clock()
        async with self._database.writing() as session:
            self._waiting = await inbox.count(session)
            free = await turns.claim(session, self._holder, now, MOST_AT_ONCE)
            left = MOST_AT_ONCE - len(free)
            return free + await turns.take_over(session, self._holder, now, self._in_hand, left)

    async def _take_over_suspect(self) -> KeptUpdate | None:
        async with self._database.writing() as session:
            return await turns.take_over_suspect(session, self._holder, self._clock(), self._in_hand)

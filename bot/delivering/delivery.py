"""Delivery: what the ledger promised is claimed, sent side by side and settled.

Telegram's own answers are obeyed (`bot.delivering.verdicts`). Nothing is decided here of what a message says.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from telegram.ext import ExtBot

from bot.delivering.in_hand import InHand, LeaseLostError
from bot.delivering.letters import Letter, read_letters
from bot.delivering.sending import NO_PREVIEW, Courier
from bot.delivering.settling import Settler
from bot.delivering.verdicts import Consequence, back_off, failed, put_off
from bot.pacing.limiter import Limiter
from bot.pacing.limits import Urgency
from bot.telling.strides import Strides
from storage import ledger
from storage.database import Database
from storage.errors import StorageError
from storage.ledger import Digest

__all__ = ["NO_PREVIEW", "Deliverer"]

log = logging.getLogger(__name__)

PLACES = 48  # pushes in hand: what a kill may repeat at most; 30 a second need five of them, 250 most
SETTLE_SECONDS = 30.0  # so long who asked, or who looks what is due, waits for a database that refuses
LOOK_SECONDS = 5.0  # so often is looked what else fell due, though nothing in hand comes to its end


class Deliverer:
    """Sends digests at least once, and twice only where Telegram did not say whether it took the first.

    Args:
        database: Where the ledger is.
        bot: Who sends.
        clock: Tells the time.
        max_late: How long a digest waits out floods and outages; then it is skipped.
        draw: Gives numbers from 0 up to 1 by chance, which spread out what is tried again.
        in_hand: What this process claims into.
        patience: How many seconds what others wait for waits for a database that refuses.
    """

    def __init__(  # noqa: PLR0913 - what the composition root wires
        self,
        database: Database,
        bot: ExtBot[Any],
        clock: Callable[[], datetime],
        max_late: timedelta,
        draw: Callable[[], float],
        *,
        in_hand: InHand | None = None,
        patience: float = SETTLE_SECONDS,
    ) -> None:
        self._database = database
        self._limiter = bot.rate_limiter
        self._clock = clock
        self._draw = draw
        self._patience = patience
        self._in_hand = in_hand or InHand(database, clock)
        self._courier = Courier(bot, clock, max_late, draw, self._in_hand.assure)
        self.strides = Strides()
        self.sending = Strides()
        self._settler = Settler(database, clock, self._in_hand, self.sending)
        self.deliveries = self._settler.deliveries
        self._pushes = 0
        self._one_done = asyncio.Event()
        self._halted = False

    async def recover(self) -> None:
        """Take up again what an earlier process left half done; only for whoever holds the database alone."""
        async with self._database.writing() as session:
            left = await ledger.recover(session)
        if left:
            log.warning(
                "%d digests were on their way when the bot ended; those that arrived come twice", left
            )

    def halt(self) -> None:
        """Take up nothing more to push; `deliver_due` returns once what is in hand is settled."""
        self._halted = True

    async def deliver_due(self) -> None:
        """Send all that can be sent now, what fell due first first."""
        async with asyncio.TaskGroup() as pushing:
            while await self._push_more(pushing):
                pass

    async def deliver(self, digest_id: int) -> None:
        """Send one digest at once, if nothing else is on its way to its chat."""
        for letter in await self._take_up(1, digest_id):
            await self._attempt(letter, Urgency.ANSWER, self._patience)

    async def _push_more(self, pushing: asyncio.TaskGroup) -> bool:
        """Fill the places that are free, and wait until some are free again; False when all is done."""
        self.strides.step()
        free = PLACES - self._pushes
        letters = await self._take_up_due(free)
        for letter in letters:
            self._pushes += 1
            pushing.create_task(self._push(letter))
        if not self._pushes:
            return False
        await self._wait_for_places(PLACES // 2 if len(letters) == free else self._pushes - 1)
        return True

    async def _wait_for_places(self, most_taken: int) -> None:
        """Wait until no more places are taken than so, or it is time to look again, at leases too."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                while self._pushes > most_taken:
                    self._one_done.clear()
                    await self._one_done.wait()

    async def _push(self, letter: Letter) -> None:
        try:
            await self._attempt(letter, Urgency.PUSH)
        finally:
            self._pushes -= 1
            self._one_done.set()

    async def _take_up_due(self, limit: int) -> list[Letter]:
        """Claim pushes; none while the bot has to be silent, or the database cannot be used."""
        if self._halted or (isinstance(self._limiter, Limiter) and self._limiter.pause):
            limit = 0
        try:
            return await self._take_up(limit)
        except StorageError as error:
            log.warning("nothing can be claimed: %s", error)
        except Exception:  # a bug here must not break off what is being sent
            log.exception("nothing can be claimed")
        return []

    async def _take_up(self, limit: int, digest_id: int | None = None) -> list[Letter]:
        digests = await self._in_hand.claim(limit, digest_id)
        return await self._read(digests) if digests else []

    async def _read(self, digests: Sequence[Digest]) -> list[Letter]:
        """Read what digests show. One that cannot be read fails alone."""
        try:
            async with self._database.reading() as session:
                return await read_letters(session, digests)
        except StorageError as error:
            log.warning("%d digests cannot be read yet: %s", len(digests), error)
            await asyncio.gather(*(self._give_back(digest) for digest in digests))
        except Exception as bug:  # one that cannot be read must not take its batch with it
            if len(digests) > 1:
                return [letter for digest in digests for letter in await self._read([digest])]
            log.exception("digest %s of reader %s cannot be read", digests[0].id, digests[0].chat_id)
            await self._settler.settle(failed(digests[0], type(bug).__name__))
        return []

    async def _give_back(self, digest: Digest) -> None:
        not_before = self._clock() + back_off(0, self._draw())
        why = "the database could not be read"
        await self._settler.settle(put_off(digest, not_before, why), self._patience)

    async def _attempt(self, letter: Letter, urgency: Urgency, patience: float | None = None) -> None:
        """Bring one digest as far as it goes; whatever happens, the others go on."""
        digest = letter.digest
        try:
            with self.sending.walk():
                verdict = await self._courier.take(letter, urgency)
            await self._settler.settle(verdict, patience)
            if verdict.consequence is Consequence.TOPIC_GONE and letter.reader and letter.leads_home:
                await self._courier.tell_topic_gone(letter.reader)
        except LeaseLostError:  # whoever has it now sends it
            self._in_hand.let_go(digest)
        except Exception:  # raised in the group of all that is being sent, it would cancel the others
            log.exception("digest %s of reader %s is left half done", digest.id, digest.chat_id)

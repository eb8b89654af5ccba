"""Settling: verdicts are written into the database, those of one moment together, and until it takes them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from bot.delivering.causes import classify
from bot.delivering.consequences import bear
from bot.delivering.in_hand import InHand
from bot.delivering.verdicts import Verdict
from bot.telling.observations import Deliveries
from bot.telling.strides import Strides
from storage import ledger
from storage.database import Database
from storage.errors import StorageError
from storage.ledger import State

log = logging.getLogger(__name__)

GATHER_SECONDS = 0.02  # what comes within it costs one commit
LONGEST_BACK_OFF = 60.0
_WORDS = {State.FAILED: "failed", State.SKIPPED: "is skipped", State.PLANNED: "waits"}


class Settler:
    """Writes verdicts. A database that is busy or full is asked again for as long as the process lives.

    For what has arrived must not be sent again because nobody could write that down: so long it is in hand.

    Args:
        strides: Of each try; a database that refuses ends one, one that says nothing lets it stand still.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], in_hand: InHand, strides: Strides
    ) -> None:
        self._database = database
        self._clock = clock
        self._in_hand = in_hand
        self._strides = strides
        self.deliveries = Deliveries()
        self._gathered: list[Verdict] = []
        self._writing: asyncio.Task[None] | None = None

    async def settle(self, verdict: Verdict, patience: float | None = None) -> None:
        """Return once a verdict is written, or after so many seconds; it is written all the same."""
        _tell(verdict)
        self.deliveries.note(verdict.digest.kind, *classify(verdict))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._begin(verdict)), patience)

    def _begin(self, verdict: Verdict) -> asyncio.Task[None]:
        """Begin to write a verdict; one that concerns a reader by itself."""
        if verdict.concerns_reader:
            return asyncio.create_task(self._keep_writing([verdict]))
        if not (self._writing and self._gathered):
            self._writing = asyncio.create_task(self._write_soon())
        self._gathered.append(verdict)
        return self._writing

    async def _write_soon(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        group, self._gathered = self._gathered, []
        await self._keep_writing(group)

    async def _keep_writing(self, group: Sequence[Verdict]) -> None:
        """Write verdicts in one transaction, however often it takes. One that is a bug holds up no other."""
        pause = 1.0
        while True:
            try:
                with self._strides.walk():
                    await self._write(group)
            except StorageError as error:
                log.warning("what became of %d digests cannot be written yet: %s", len(group), error)
            except Exception:  # a bug in one must neither hold up the others nor have it sent again
                log.exception("what became of %d digests cannot be written", len(group))
                if len(group) > 1:
                    await asyncio.gather(*(self._keep_writing([verdict]) for verdict in group))
                    return
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_BACK_OFF)

    async def _write(self, group: Sequence[Verdict]) -> None:
        async with self._in_hand.standing, self._database.writing() as session:
            for verdict in group:  # first, for whoever writes of a reader and their digests begins there
                await bear(session, verdict)
            outcomes = [self._in_hand.stamp(verdict) for verdict in group]
            others = await ledger.settle(session, outcomes, self._clock())
        for verdict in group:
            self._in_hand.let_go(verdict.digest)
        for digest_id in others:
            log.info("digest %s was forgotten or taken over on its way", digest_id)


def _tell(verdict: Verdict) -> None:
    digest, outcome = verdict.digest, verdict.outcome
    if outcome.state in _WORDS:
        what = _WORDS[outcome.state]
        log.warning("digest %s of reader %s %s: %s", digest.id, digest.chat_id, what, outcome.why)

"""What is in hand: digests that this process claimed, and how long each is surely still its own.

A lease lasts by the database's clock. Here its end is reckoned from before the database was asked, by a clock
that goes on while the process sleeps: so whoever wakes up knows, before anything leaves, that it slept too
long, and asks the database whether another process has the digest by now.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.clock import elapsed
from bot.delivering.verdicts import Verdict
from storage import ledger
from storage.database import Database
from storage.errors import StorageError
from storage.ledger import Digest, Outcome, State

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # what a killed deliverer had in hand waits so long for another one
LOOKS = 4  # in so many parts of a lease it is renewed once
SURE = 0.5  # of a lease: what leaves in it is answered or given up within the other half, and not sent again
_LOST = -math.inf


class LeaseLostError(Exception):
    """A digest that was in hand may be another process's by now."""


@dataclass(frozen=True, slots=True)
class _Lease:
    """When a lease ends, by the database's clock, and until when it surely lasts by the one of here."""

    until: datetime
    sure_until: float


class InHand:
    """Claims digests, and renews their leases until they are let go.

    Args:
        clock: Tells the time.
        lease: How long others leave alone what is in hand here, without a word of this process.
        seconds: Tells seconds that go by while the process sleeps.

    Attributes:
        standing: Held while leases are renewed; who holds it sees none move.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        lease: timedelta = LEASE,
        seconds: Callable[[], float] = elapsed,
    ) -> None:
        self.standing = asyncio.Lock()
        self._database = database
        self._clock = clock
        self._lease = lease
        self._seconds = seconds
        self._leases: dict[int, _Lease] = {}
        self._renewed_at = datetime.min.replace(tzinfo=UTC)

    async def claim(self, limit: int, digest_id: int | None = None) -> list[Digest]:
        """Claim digests that are due, or this one; and renew what is in hand, where it is time for that.

        Raises:
            StorageError: That cannot be done now.
        """
        if self._is_stale:
            async with self.standing:
                if self._is_stale:  # another claim may have seen to it meanwhile
                    await self._renew()
        if not limit:
            return []
        asked = self._seconds()
        async with self._database.writing() as session:
            claimed = await ledger.claim(session, self._clock(), self._lease, limit, digest_id=digest_id)
        new = [digest for digest in claimed if digest.id not in self._leases]  # the others had been lost
        self._note({digest.id: digest.held_until for digest in claimed if digest.held_until}, asked)
        return new

    async def assure(self, digest: Digest) -> None:
        """Return when a digest may leave: if it does so at once, no other process has it by then.

        Raises:
            LeaseLostError: It may not leave.
        """
        while not self._is_sure(digest.id):
            async with self.standing:
                if not self._is_sure(digest.id):
                    await self._renew_or_lose()
            if self._leases[digest.id].sure_until == _LOST:
                raise LeaseLostError(f"digest {digest.id}")

    def stamp(self, verdict: Verdict) -> Outcome:
        """Say of an outcome whose digest it was, unless it arrived: that is so whoever has it by now."""
        if verdict.outcome.state is State.SENT:
            return verdict.outcome
        return replace(verdict.outcome, held_until=self._leases[verdict.digest.id].until)

    def let_go(self, digest: Digest) -> None:
        """Renew a digest's lease no more."""
        self._leases.pop(digest.id, None)

    @property
    def _is_stale(self) -> bool:
        """Whether it is time to renew; also after the clock was set, which on SQLite the leases go by."""
        return bool(self._leases) and abs(self._clock() - self._renewed_at) >= self._lease / LOOKS

    def _is_sure(self, digest_id: int) -> bool:
        return self._seconds() < self._leases[digest_id].sure_until

    async def _renew_or_lose(self) -> None:
        try:
            await self._renew()
        except StorageError as error:
            log.warning(
                "what is in hand waits for the next claim, for nobody can tell whose it is: %s", error
            )
            self._lose(self._leases)

    async def _renew(self) -> None:
        """Renew all leases. What another process took over is lost; ``standing`` must be held."""
        now, asked = self._clock(), self._seconds()
        known = {digest_id: lease.until for digest_id, lease in self._leases.items()}
        async with self._database.writing() as session:
            renewed = await ledger.renew(session, known, now, self._lease)
        self._renewed_at = now
        in_hand = self._leases.keys() & known.keys()
        self._note({digest_id: renewed[digest_id] for digest_id in in_hand & renewed.keys()}, asked)
        if lost := self._lose(in_hand - renewed.keys()):
            log.warning("%d digests were in hand for too long: others took them over", lost)

    def _note(self, ends: Mapping[int, datetime], asked: float) -> None:
        sure_until = asked + (self._lease * SURE).total_seconds()
        self._leases |= {digest_id: _Lease(until, sure_until) for digest_id, until in ends.items()}

    def _lose(self, digest_ids: Collection[int]) -> int:
        """Have digests not leave; tell how many of them could have until now."""
        lost = [digest_id for digest_id in digest_ids if self._leases[digest_id].sure_until != _LOST]
        for digest_id in lost:
            self._leases[digest_id] = replace(self._leases[digest_id], sure_until=_LOST)
        return len(lost)

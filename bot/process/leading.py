"""Leading: among many processes one does what only one may do; where it is gone, another takes over.

The lease is a row of the database, which all of them trust, and not a lock, for that outlives a host that
vanished. Who leads says so every few seconds, and stops by itself before the others would believe it gone.
On a database that is not shared there are no others.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime, timedelta

from storage import leases
from storage.database import Database
from storage.errors import StorageError

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)  # and a fourth of it until the next one looks: it takes over within 25 s
LOOKS = 4  # so often within a lease it is renewed, and looked at by the others
SPARE_PART = 0.2  # of a lease: a leader that cannot renew it stops so long before its end


def sign() -> str:
    """Name this process, as no other one on any host is named."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(3)}"


class Leadership:
    """One thing that one process at a time does.

    Args:
        database: Where the lease is.
        name: What is led, as in ``ticking``.
        holder: This process.
        clock: Tells the time, where the database has no clock of its own.
        lasts: How long a lease lasts.

    Attributes:
        leads: Whether this process does it now.
        is_heir: Whether another one did it before.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        holder: str,
        clock: Callable[[], datetime],
        lasts: timedelta = LEASE,
    ) -> None:
        self._database = database
        self._name = name
        self._holder = holder
        self._clock = clock
        self._lasts = lasts
        self._until = 0.0  # by the loop's clock: from then on another may lead
        self.leads = False
        self.is_heir = False
        self._taking: set[asyncio.Future[bool]] = set()

    async def lead(self, work: Callable[[], AbstractAsyncContextManager[object]]) -> None:
        """Have work going on whenever it is for this process to do, until it is cancelled."""
        try:
            while True:
                if await self._is_mine():
                    await self._lead_once(work)
                self.is_heir = True
                await self._rest()
        finally:
            await self._give_up()

    async def _lead_once(self, work: Callable[[], AbstractAsyncContextManager[object]]) -> None:
        """Have work going on until the lease is lost."""
        if self._database.is_shared:
            log.info("%s: this process does it from now on", self._name)
        try:
            async with work():
                self.leads = True
                while await self._is_still_mine():
                    await self._rest()
        finally:
            self.leads = False
        log.warning("%s: another process does it from now on", self._name)

    async def _is_still_mine(self) -> bool:
        """Renew the lease; a database that does not answer is asked again as long as there is time."""
        loop, latest = asyncio.get_running_loop(), self._until - SPARE_PART * self._lasts.total_seconds()
        while loop.time() < latest:
            with suppress(StorageError, TimeoutError):
                return await self._take_by(latest)
            await asyncio.sleep(self._lasts.total_seconds() / LOOKS / LOOKS)
        return False

    async def _take_by(self, latest: float) -> bool:
        """Take the lease; where nothing answers by then that is not waited for: to give up takes 2 s more."""
        taking = asyncio.ensure_future(self._take())
        self._taking.add(taking)
        taking.add_done_callback(self._forget)
        try:
            async with asyncio.timeout_at(latest):
                return await asyncio.shield(taking)
        finally:
            taking.cancel()

    def _forget(self, taking: asyncio.Future[bool]) -> None:
        self._taking.discard(taking)
        if not taking.cancelled():
            taking.exception()  # who waited for it has heard of it

    async def _is_mine(self) -> bool:
        try:
            async with asyncio.timeout(self._lasts.total_seconds() / 2):
                return await self._take()
        except (StorageError, TimeoutError):
            return False  # nobody leads without a database, and what needs one says so itself

    async def _rest(self) -> None:
        await asyncio.sleep(self._lasts.total_seconds() / LOOKS)

    async def _take(self) -> bool:
        asked_at = asyncio.get_running_loop().time()
        if self._database.is_shared:
            async with self._database.writing() as session:
                if not await leases.take(session, self._name, self._holder, self._lasts, self._clock()):
                    return False
        self._until = asked_at + self._lasts.total_seconds()
        return True

    async def _give_up(self) -> None:
        """Let another one lead at once."""
        if not self._database.is_shared:
            return
        with suppress(StorageError, TimeoutError):  # else it may in a few seconds
            async with asyncio.timeout(1), self._database.writing() as session:
                await leases.give_up(session, self._name, self._holder, self._clock())

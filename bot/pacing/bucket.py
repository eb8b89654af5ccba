"""The bucket of 30 a second that all processes of a bot draw from: rows in the database that they share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BotError
from storage import paces
from storage.database import Database
from storage.errors import StorageError
from storage.paces import Drawn, Pace

PATIENCE = timedelta(seconds=1)


class BucketError(BotError):
    """Nobody can say whose turn it is."""


class Bucket(Protocol):
    """What turns come out of. Where there is no answer each raises a BucketError."""

    async def draw(self, pace: Pace, ahead: float | None) -> Drawn:
        """Take the next turn, less than so many seconds ahead."""

    async def note_use(self, place: int, free_at: float) -> None:
        """Keep a place from being used again before a time, by the bucket's clock."""

    async def be_silent(self, seconds: float) -> None:
        """Have nobody take a turn for so long."""


class DatabaseBucket:
    """The bucket in the database. One that does not answer within its patience is not waited for."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], patience: timedelta = PATIENCE
    ) -> None:
        self._database = database
        self._clock = clock
        self._patience = patience.total_seconds()

    async def draw(self, pace: Pace, ahead: float | None) -> Drawn:
        """Take the next turn: one statement, and one more where there is none."""
        async with self._session() as session:
            return await paces.draw(session, self._clock(), pace, ahead)

    async def note_use(self, place: int, free_at: float) -> None:
        """Keep a place from being used again before a time."""
        async with self._session() as session:
            await paces.note_use(session, place, free_at)

    async def be_silent(self, seconds: float) -> None:
        """Have no process take a turn for so long."""
        async with self._session() as session:
            await paces.be_silent(session, self._clock(), seconds)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[AsyncSession]:
        try:
            async with asyncio.timeout(self._patience), self._database.writing() as session:
                yield session
        except TimeoutError as error:
            raise BucketError("The database does not answer in time.") from error
        except StorageError as error:
            raise BucketError(str(error)) from error

"""The database of one bot: opened once, then read and written in transactions that callers own.

It knows no table. The functions of the nouns (`storage.papers` and its neighbours) take the sessions made
here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.address import complete, is_sqlite, place
from storage.dialects import WRITES
from storage.engines import reading_engine, writing_engine
from storage.errors import StorageError, in_words, is_fault_of_file
from storage.presence import Files

__all__ = ["Database", "StorageError"]

_LONGEST_SESSION_S = 5


class Database:
    """A SQLite file or a PostgreSQL database.

    Args:
        url: As in ``sqlite:///data/paperboy.db`` or ``postgresql://user:password@host/name``.
        patience: How long to wait for a SQLite file that another process has locked.

    Attributes:
        place: The file or the database's name and host, for messages; never a password.
        failures: How often a session ended in a StorageError.

    Raises:
        StorageError: Where the URL cannot be read or its driver is not installed.
    """

    def __init__(self, url: str, *, patience: timedelta = timedelta(seconds=10)) -> None:
        self._url = complete(url)
        self.place = place(self._url)
        self._patience = patience
        self._files = Files(Path(self.place)) if is_sqlite(self._url) else None
        self._reopening = asyncio.Lock()
        self.failures = 0
        self._is_doubtful = False  # after a fault of the file its connections are not to be trusted
        self._sessions = 0
        self._idle = asyncio.Event()
        try:
            self._reader = reading_engine(self._url, patience)
            self._writer = writing_engine(self._url, patience)
        except ModuleNotFoundError as error:
            raise StorageError(
                f"The database {self.place} needs {error.name}: install paperboy-bot[postgres]."
            ) from error

    @property
    def is_shared(self) -> bool:
        """Whether other processes, also on other hosts, may use it at the same time: PostgreSQL."""
        return self._files is None

    async def open(self) -> None:
        """Make the file and its folder where they are missing, and bring the schema to the newest version.

        Raises:
            StorageError: Where the database cannot be reached or written, is none, or is of a newer Paperboy.
        """
        from storage import schema  # noqa: PLC0415 - Alembic is slow to import and needed only here

        if is_sqlite(self._url):
            _make_folder(Path(self.place))
        with in_words(self.place):
            await asyncio.to_thread(schema.upgrade, self._url, self._patience)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session that sees one unchanging state, waits for no writer and cannot write."""
        with self._in_words():
            async with self._in_use(), AsyncSession(self._reader) as session:
                yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Open a session in one transaction: committed at the end, rolled back whole on any error.

        On SQLite it holds the write lock from its first statement on, so what it reads stays true until it
        writes. On PostgreSQL that is so of the reader that it reads, and the next who wants to write waits.
        """
        with self._in_words():
            async with (
                self._in_use(),
                AsyncSession(self._writer, info={WRITES: True}) as session,
                session.begin(),
            ):
                yield session

    async def close(self) -> None:
        """Close all connections. The database may be used again after that."""
        await self._reader.dispose()
        await self._writer.dispose()
        self._is_doubtful = False
        if self._files:
            self._files.forget()

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Raise failures as StorageErrors, and count them."""
        try:
            with in_words(self.place):
                yield
        except StorageError:
            self.failures += 1
            raise

    @asynccontextmanager
    async def _in_use(self) -> AsyncIterator[None]:
        """Use the file at its place: one that was deleted, replaced or at fault is let go of first."""
        if self._files and (self._is_doubtful or self._files.are_others()):
            async with self._reopening:
                if self._is_doubtful or self._files.are_others():
                    await self._let_go(self._files)
        self._sessions += 1
        try:
            yield
        except DBAPIError as error:
            self._is_doubtful |= is_fault_of_file(error.orig)
            raise
        finally:
            self._sessions -= 1
            if not self._sessions:
                self._idle.set()

    async def _let_go(self, files: Files) -> None:
        """Close all connections, once nobody uses them; what the log of their file held is in it by that."""
        if self._sessions:
            self._idle.clear()
            with suppress(TimeoutError):  # a session in a session would wait for itself
                await asyncio.wait_for(self._idle.wait(), _LONGEST_SESSION_S)
        files.part()
        await self.close()


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder of the database {file} cannot be made: {error.strerror}.") from error

"""One bot a database file: two on one file would both plan, and Telegram hands updates to one of them only.

The lock is the operating system's, on a file beside the database: it ends with the process, however that
ends, and the file that stays behind means nothing. PostgreSQL needs none, for there bots share the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storage.address import complete, is_sqlite
from storage.errors import StorageError


class InUseError(StorageError):
    """Another process runs on this database file."""


@contextmanager
def alone_with(url: str) -> Iterator[bool]:
    """Be the only bot on a database file until the end; it need not be there yet.

    Whatever way a path takes to a file, through links and other folders, it is the same lock.

    Yields:
        Whether it is alone; False with PostgreSQL.

    Raises:
        InUseError: Another process has it.
        StorageError: The file's folder cannot be written, or its file system knows no locks.
    """
    address = complete(url)
    if not is_sqlite(address):
        yield False
        return
    file = Path(str(address.database))
    lock = FileLock(_lock_of(file), timeout=0, fallback_to_soft=False, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise InUseError(
            f"The database {file} is in use by a Paperboy that is running: end that one first, or give this "
            "one another DATA_DIR or DATABASE_URL."
        ) from None
    except (OSError, NotImplementedError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise StorageError(
            f"The database {file} cannot be locked ({why}): check the rights of its folder. A folder on a "
            "network may know no locks: keep the database on a disk of this machine."
        ) from error
    try:
        yield True
    finally:
        lock.release()


def _lock_of(file: Path) -> Path:
    """Name the lock of a file, and make the folder for it."""
    real = file.resolve()
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder of the database {file} cannot be made: {error.strerror}.") from error
    return real.with_name(f"{real.name}.lock")

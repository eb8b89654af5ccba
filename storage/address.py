"""What a database URL means: which driver serves it, and how to name its place without its password."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import StorageError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


def complete(url: str) -> URL:
    """Read a database URL and name its async driver.

    Raises:
        StorageError: Where it is no URL, or one of a database that Paperboy does not speak.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError(
            "The database URL cannot be read; one looks like sqlite:///data/paperboy.db."
        ) from error
    driver = _DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None:
        raise StorageError(f"Paperboy keeps its data in SQLite or PostgreSQL, not in {parsed.drivername}.")
    if driver.startswith("sqlite") and parsed.database in {None, "", ":memory:"}:
        raise StorageError("Paperboy's SQLite database needs a file, as in sqlite:///data/paperboy.db.")
    return parsed.set(drivername=driver)


def place(url: URL) -> str:
    """Name the database in words for the user: a file's path, or a PostgreSQL database and its host."""
    return str(url.database) if is_sqlite(url) else f"{url.database} on {url.host or 'this machine'}"


def is_sqlite(url: URL) -> bool:
    """Tell SQLite from PostgreSQL."""
    return url.get_backend_name() == "sqlite"

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
    except (ArgumentError, ValueError) as error:  # the latter of a port that is no number
        raise StorageError(
            "The database URL cannot be read; one looks like sqlite:///data/paperboy.db."
        ) from error
    if "@" in (parsed.host or ""):  # else a part of the password goes for the host, and is named in messages
        raise StorageError("The database URL has an @ too many: write one in a password as %40.")
    driver = _DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None:
        raise StorageError(f"Paperboy keeps its data in SQLite or PostgreSQL, not in {parsed.drivername}.")
    if driver.startswith("sqlite") and parsed.database in {None, "", ":memory:"}:
        raise StorageError("Paperboy's SQLite database needs a file, as in sqlite:///data/paperboy.db.")
    return _in_words_of_asyncpg(parsed.set(drivername=driver))


def _in_words_of_asyncpg(url: URL) -> URL:
    """Have `sslmode` mean what it does to all other programs: here it goes by another name."""
    if is_sqlite(url) or "sslmode" not in url.query:
        return url
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": url.query["sslmode"]})


def place(url: URL) -> str:
    """Name the database in words for the user: a file's path, or a PostgreSQL database and its host."""
    return str(url.database) if is_sqlite(url) else f"{url.database} on {url.host or 'this machine'}"


def is_sqlite(url: URL) -> bool:
    """Tell SQLite from PostgreSQL."""
    return url.get_backend_name() == "sqlite"

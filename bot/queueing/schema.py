"""Where the queue lives: in the bot's own PostgreSQL database, in a schema beside the tables of the bot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from hashlib import blake2b

import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.schema import SchemaManager
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import PoolTimeout

from storage.address import complete, place
from storage.engines import ASKED_EVERY_S, ASKED_TIMES, MOST_SILENT, QUIET_S
from storage.errors import StorageError

_LOCK = 7_269_110  # any number that no other program locks on the same PostgreSQL


@cache
def schema_name() -> str:
    """Name the schema by what is in it: another version of the queue finds, or makes, one of its own.

    Nothing is lost by that: whoever is due stays due until they are planned for.
    """
    return f"queue_{blake2b(SchemaManager.get_schema().encode(), digest_size=4).hexdigest()}"


def address_of(url: str) -> str:
    """Say where the queue is, in the words of psycopg, for a database URL of the bot; it may hold a password.

    Raises:
        StorageError: Where the URL cannot be read.
    """
    address = complete(url)
    _, told = address.get_dialect()().create_connect_args(address)
    return make_conninfo(
        host=_listed(told.get("host")),
        port=_listed(told.get("port")),
        user=told.get("user"),
        password=told.get("password"),
        dbname=told.get("database"),
        sslmode=told.get("ssl"),
        options=f"-c search_path={schema_name()}",
        keepalives_idle=QUIET_S,
        keepalives_interval=ASKED_EVERY_S,
        keepalives_count=ASKED_TIMES,
        tcp_user_timeout=MOST_SILENT // timedelta(milliseconds=1),
    )


def _listed(told: object) -> str | None:
    """Write hosts, or their ports, as psycopg reads them; a URL may name several."""
    several = told if isinstance(told, list) else [told]
    return ",".join(str(each) for each in several if each is not None) or None


async def furnish(address: str) -> None:
    """Make the schema of the queue where it is missing, once, however many processes start together."""
    async with await psycopg.AsyncConnection.connect(address) as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        found = await connection.execute("SELECT to_regnamespace(%s)", [schema_name()])
        if await found.fetchone() == (None,):
            await connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema_name())))
            await connection.execute(SchemaManager.get_schema())


@contextmanager
def in_words(url: str) -> Iterator[None]:
    """Raise what goes wrong with the queue as a `StorageError` that names the database and no password."""
    try:
        yield
    except (ConnectorException, psycopg.Error, PoolTimeout) as error:
        name, why = place(complete(url)), error.__cause__ or error
        raise StorageError(f"The queue in the database {name} cannot be used: {why}.") from error

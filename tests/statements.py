"""Statements, put into SQL once for all tests: each engine remembers for itself, and a test has two of them.

A bot compiles a statement once in its life. The tests would do it thousands of times.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event


class Statements(dict[Any, Any]):
    """What SQLAlchemy compiled, by its keys; but for each engine's own dialect there stands its class."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: tuple[Any, ...], statement: Any) -> None:
        super().__setitem__(_of_kind(key), statement)


@pytest.fixture(scope="session", autouse=True)
def _statements_are_remembered() -> Iterator[None]:
    """Have all engines remember in the same place."""
    statements = Statements()

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)

    event.listen(Engine, "engine_connect", share)
    yield
    event.remove(Engine, "engine_connect", share)


def _of_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *what = key
    return type(dialect), *what

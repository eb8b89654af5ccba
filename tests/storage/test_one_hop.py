"""A connection that goes to its thread once a statement leaves no transaction open behind its user's back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.one_hop import OneHopConnection, one_hop


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[OneHopConnection]:
    connected = one_hop(str(tmp_path / "file.db"), isolation_level=None, timeout=30)
    await connected
    await connected.run("create table told (word text)", (), many=False)
    yield connected
    await connected.close()


async def say(connection: OneHopConnection, word: str) -> None:
    await connection.run("insert into told values (?)", (word,), many=False)


async def test_a_transaction_begins_with_its_first_statement(connection: OneHopConnection) -> None:
    connection.begin("BEGIN IMMEDIATE")
    assert not connection.in_transaction
    await say(connection, "yes")
    assert connection.in_transaction
    await connection.rollback()
    assert not connection.in_transaction


async def test_one_that_was_given_up_before_its_first_statement_never_begins(
    connection: OneHopConnection,
) -> None:
    connection.begin("BEGIN IMMEDIATE")
    await connection.rollback()
    await say(connection, "yes")
    assert not connection.in_transaction


async def test_a_statement_that_is_given_up_while_it_waits_for_the_lock_keeps_none(
    connection: OneHopConnection, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "file.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        connection.begin("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(say(connection, "no"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        rolling_back = asyncio.create_task(connection.rollback())
        await asyncio.sleep(0)
        other.execute("COMMIT")
        await rolling_back
    told = await connection.run("select word from told", (), many=False)
    assert told.rows == []
    assert not connection.in_transaction

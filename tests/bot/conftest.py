from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Open a real database in a file of its own."""
    database = Database(f"sqlite:///{tmp_path / 'paperboy.db'}")
    await database.open()
    yield database
    await database.close()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty database once, to be copied: a migration takes longer than most tests."""
    file = tmp_path_factory.mktemp("empty") / "paperboy.db"

    async def make() -> None:
        database = Database(f"sqlite:///{file}")
        await database.open()
        await database.close()

    asyncio.run(make())
    return file

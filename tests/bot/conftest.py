from __future__ import annotations

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

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database


@pytest.fixture
async def database(empty_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """Open a real database in a file of its own."""
    file = shutil.copyfile(empty_file, tmp_path / "paperboy.db")
    database = Database(f"sqlite:///{file}")
    await database.open()
    yield database
    await database.close()

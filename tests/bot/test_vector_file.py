from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot.measuring.vector_file import VectorFile, VectorFileError


class Parrot:
    """An embedder whose vectors are made of the text's length and first letter; remembers what it read."""

    def __init__(self, fingerprint: str = "cafe") -> None:
        self.fingerprint = fingerprint
        self.dims = 2
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += texts
        angles = np.array([len(text) + ord((text or "-")[0]) for text in texts], dtype=np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_vectors_are_those_of_the_model(tmp_path: Path) -> None:
    """Row for row, in the order asked for, also for a text twice; float32, exact to half precision."""
    texts = ["bees", "sail", "", "bees"]
    vectors = VectorFile(Parrot(), tmp_path).embed(texts)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, Parrot().embed(texts), atol=1e-3)
    assert VectorFile(Parrot(), tmp_path).embed([]).shape == (0, 2)


def test_a_text_is_read_once(tmp_path: Path) -> None:
    """Neither in the same run nor in the next one does the model see a text again."""
    first, second = Parrot(), Parrot()
    vectors = VectorFile(first, tmp_path)
    vectors.embed(["bees", "sail", "bees"])
    vectors.embed(["sail", "star"])
    assert first.asked == ["bees", "sail", "star"]
    assert VectorFile(second, tmp_path).embed(["star", "moon"]).shape == (2, 2)
    assert second.asked == ["moon"]


def test_models_do_not_mix(tmp_path: Path) -> None:
    """Another fingerprint knows nothing of the first one's vectors, and does them no harm."""
    VectorFile(Parrot(), tmp_path).embed(["bees"])
    other, same = Parrot("beef"), Parrot()
    VectorFile(other, tmp_path).embed(["bees"])
    VectorFile(same, tmp_path).embed(["bees"])
    assert (other.asked, same.asked) == (["bees"], [])


def test_a_record_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    """A crash while writing costs what was being written, and no more."""
    VectorFile(Parrot(), tmp_path).embed(["bees", "sail"])
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-3])
    for expected in (["sail", "star"], []):
        model = Parrot()
        vectors = VectorFile(model, tmp_path).embed(["bees", "sail", "star"])
        assert model.asked == expected
        np.testing.assert_allclose(vectors, Parrot().embed(["bees", "sail", "star"]), atol=1e-3)


def test_progress_is_told_of_new_texts_alone(tmp_path: Path) -> None:
    """Who waits hears how many of the texts never seen are done; who need not wait hears nothing."""
    vectors = VectorFile(Parrot(), tmp_path)
    told: list[tuple[int, int]] = []
    texts = [f"text {number}" for number in range(250)]
    for _ in range(2):
        vectors.read(texts, lambda done, total: told.append((done, total)))
    assert told == [(200, 250), (250, 250)]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file in the folder's place is one sentence for the owner."""
    (tmp_path / "data").write_text("")
    with pytest.raises(VectorFileError, match="vectors cannot be kept there"):
        VectorFile(Parrot(), tmp_path / "data")

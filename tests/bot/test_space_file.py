from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from bot.ranking.space_file import SavedSpace, SpaceFolder
from recommender.features import FeatureSpace

TEXTS = [f"Video diffusion {n} for robots with number {n % 7}" for n in range(30)]


@pytest.fixture
def saved() -> SavedSpace:
    return SavedSpace(FeatureSpace.fit(TEXTS), None, len(TEXTS))


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_what_was_saved_is_loaded(tmp_path: Path, saved: SavedSpace) -> None:
    """A space, its model and its count come back."""
    SpaceFolder(tmp_path / "new").save(saved)
    loaded = SpaceFolder(tmp_path / "new").load()
    assert loaded is not None
    assert (loaded.model, loaded.fitted_on) == (None, 30)
    assert np.array_equal(loaded.space.transform(TEXTS).dense, saved.space.transform(TEXTS).dense)


def test_the_newest_replaces_the_one_before(tmp_path: Path, saved: SavedSpace) -> None:
    """One file is kept, and no part of an unfinished one."""
    spaces = SpaceFolder(tmp_path)
    spaces.save(saved)
    spaces.save(SavedSpace(FeatureSpace.fit(TEXTS[:20]), "abc", 20))
    loaded = spaces.load()
    assert loaded is not None
    assert (loaded.model, loaded.fitted_on) == ("abc", 20)
    assert only_file(tmp_path).suffix == ".npz"


def test_no_folder_is_no_space(tmp_path: Path) -> None:
    """At the first start there is nothing, which is no fault."""
    assert SpaceFolder(tmp_path / "nowhere").load() is None


@pytest.mark.parametrize("damage", [lambda content: content[:-9], lambda content: content + b"more"])
def test_a_damaged_file_is_not_used(
    tmp_path: Path, saved: SavedSpace, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    """Cut short or changed, it no longer bears its own name: the log says so and the space is fitted anew."""
    SpaceFolder(tmp_path).save(saved)
    path = only_file(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    assert SpaceFolder(tmp_path).load() is None
    assert "damaged" in caplog.text


def test_a_file_that_is_no_space_is_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Also where its name fits its content."""
    content = b"no archive"
    from hashlib import blake2b  # noqa: PLC0415 - for this forgery only

    (tmp_path / f"space-1-{blake2b(content, digest_size=8).hexdigest()}.npz").write_bytes(content)
    assert SpaceFolder(tmp_path).load() is None
    assert "cannot be used" in caplog.text


def test_a_folder_that_cannot_be_written_costs_only_the_file(
    tmp_path: Path, saved: SavedSpace, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot goes on without, and the log tells where."""
    caplog.set_level(logging.WARNING)
    (tmp_path / "file").write_text("in the way")
    SpaceFolder(tmp_path / "file").save(saved)
    assert "cannot be kept" in caplog.text

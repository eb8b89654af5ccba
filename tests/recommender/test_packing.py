from __future__ import annotations

import json

import numpy as np
import pytest

from recommender.features import FeatureSpace
from recommender.packing import pack, unpack

TEXTS = [f"Video diffusion {n} for robots with number {n % 7} and word{n % 5}" for n in range(40)]
MEANINGS = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)


@pytest.mark.parametrize(
    ("texts", "meanings"),
    [(TEXTS, None), (TEXTS, MEANINGS), ([], None), (["扩散模型 Ünïcödé naïveté", "robot"], None)],
    ids=["themes", "model", "empty", "scripts"],
)
def test_a_space_comes_back_as_it_was(texts: list[str], meanings: np.ndarray | None) -> None:
    """Packed, written as JSON and numbers, and unpacked, a space makes the same vectors to the last bit."""
    space = FeatureSpace.fit(texts, meanings)
    arrays, header = pack(space)
    again = unpack(arrays, json.loads(json.dumps(header)))
    first, second = space.transform([*texts, "unseen robots"]), again.transform([*texts, "unseen robots"])
    assert (first.words != second.words).nnz == 0
    assert np.array_equal(first.dense, second.dense)
    assert again.terms(first.words.indices) == space.terms(first.words.indices)
    assert again.reads_meanings == space.reads_meanings


def test_nothing_packed_needs_code_to_be_read() -> None:
    """All arrays hold plain numbers."""
    arrays, _ = pack(FeatureSpace.fit(TEXTS))
    assert {array.dtype.kind for array in arrays.values()} <= {"f", "i", "u"}


@pytest.mark.parametrize("name", ["idf", "mean", "themes", "whitening_matrix"])
def test_parts_that_do_not_fit_are_refused(name: str) -> None:
    """A space is not put together from parts of two."""
    arrays, header = pack(FeatureSpace.fit(TEXTS))
    arrays[name] = arrays[name][:-1]
    with pytest.raises(ValueError, match="fit"):
        unpack(arrays, header)


def test_a_missing_part_is_refused() -> None:
    """What is not there is not made up."""
    arrays, header = pack(FeatureSpace.fit(TEXTS))
    del arrays["idf"]
    with pytest.raises(KeyError):
        unpack(arrays, header)

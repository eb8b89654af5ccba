from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from recommender.vectors import Vectors

FOUR = Vectors(csr_matrix(np.eye(4, 3, dtype=np.float32)), np.arange(8, dtype=np.float32).reshape(4, 2))


def told(vectors: Vectors) -> list[list[float]]:
    return np.hstack([vectors.words.toarray(), vectors.dense]).tolist()


@pytest.mark.parametrize(
    ("asked", "places"),
    [([2, 0, 2], [2, 0, 2]), ([], []), ([-1], [3]), (np.array([1, 3]), [1, 3]), (slice(1, 3), [1, 2])],
    ids=["again", "none", "the last", "array", "slice"],
)
def test_rows_are_looked_up_in_both_parts(asked: list[int] | slice, places: list[int]) -> None:
    """Rows come in the order asked for, one as often as asked, words and dense together."""
    found = FOUR.take(asked)
    assert told(found) == [told(FOUR)[place] for place in places]
    assert (len(found), found.words.shape, found.dense.shape) == (
        len(places),
        (len(places), 3),
        (len(places), 2),
    )


def test_parts_are_laid_under_each_other() -> None:
    """The rows of the first part come first, and empty parts add none."""
    stacked = Vectors.stacked([FOUR.take([3]), FOUR.take([]), FOUR.take([0, 1])])
    assert told(stacked) == told(FOUR.take([3, 0, 1]))
    assert stacked.words.dtype == stacked.dense.dtype == np.float32

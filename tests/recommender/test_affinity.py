from __future__ import annotations

import numpy as np
import pytest

from recommender.affinity import affinity
from recommender.features import FeatureSpace
from recommender.shelf import Shelf


def test_equal_texts_are_one_and_strangers_zero(shelf: Shelf) -> None:
    """K is the cosine: one for the same paper, zero for papers without a common term, the same both ways."""
    rows = shelf.vectors_of([1, 2, 4, 99])
    matrix = affinity(rows, rows)
    assert matrix.dtype == np.float32
    assert np.diag(matrix).tolist() == pytest.approx([1, 1, 1, 0], abs=1e-6)
    assert matrix[0, 1] > 0.1
    assert matrix[0, 2] == matrix[0, 3] == 0
    assert matrix == pytest.approx(matrix.T)


def test_many_votes_give_what_single_ones_give() -> None:
    """Rows are met in blocks, and no row notices."""
    texts = [f"word{n % 13} word{n % 11} word{n % 7}" for n in range(150)]
    rows = FeatureSpace.fit(texts).transform(texts)
    assert affinity(rows, rows) == pytest.approx((rows @ rows.T).toarray(), abs=1e-6)


def test_nothing_on_either_side_is_an_empty_matrix(shelf: Shelf) -> None:
    """No votes or no candidates keep the shape."""
    none, some = shelf.vectors_of([]), shelf.vectors_of([1, 2])
    assert affinity(none, some).shape == (0, 2)
    assert affinity(some, none).shape == (2, 0)

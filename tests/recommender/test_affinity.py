from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.affinity import CHANCE, affinity
from recommender.features import FeatureSpace
from recommender.shelf import Shelf
from recommender.vectors import Vectors

Shelve = Callable[[dict[int, str]], Shelf]


def vectors(words: list[list[float]], dense: list[list[float]]) -> Vectors:
    return Vectors(csr_matrix(np.array(words, dtype=np.float32)), np.array(dense, dtype=np.float32))


def multiply(voted: Vectors, candidates: Vectors) -> np.ndarray:
    """Compute K from dense numbers, in the plainest way."""
    first, second = (
        np.hstack([side.words.toarray(), side.dense]).astype(np.float64) for side in (voted, candidates)
    )
    signs = np.ones(first.shape[1])
    signs[voted.words.shape[1]] = -1
    return np.minimum(first * signs @ second.T, (second * second * signs).sum(axis=1))


def test_products_by_hand() -> None:
    """Words times words, less the first dense column, plus the others."""
    voted = vectors([[1, 2]], [[3, 5, 0.5]])
    candidates = vectors([[4, 0], [0, 1]], [[2, 1, 6], [0, 5, -4]])
    assert affinity(voted, candidates).tolist() == [[4 - 6 + 5 + 3, 2 - 0 + 25 - 2]]


def test_nothing_speaks_more_for_a_candidate_than_itself() -> None:
    """A long text that resembles a short one says no more for it than its own copy would."""
    long, short = vectors([[9, 9]], [[0, 0]]), vectors([[1, 1]], [[0, 0]])
    assert affinity(long, short).tolist() == [[2]]
    assert affinity(short, long).tolist() == [[18]]


def test_a_subject_speaks_for_itself_and_not_for_others(shelf: Shelf) -> None:
    """Papers of one subject are alike beyond chance, those of two are not, and each is most like itself."""
    papers = shelf.vectors_of(range(1, 9))
    matrix = affinity(papers, papers)
    subjects = np.array([1, 1, 1, 4, 4, 4, 7, 7])
    same = subjects[:, np.newaxis] == subjects
    assert matrix[same].min() > CHANCE
    assert matrix[~same].max() < 0
    assert (matrix.argmax(axis=0) == np.arange(8)).all()


def test_a_paper_of_which_nothing_is_known_says_nothing(shelf: Shelf) -> None:
    """An unknown paper, or one without a word, is neither like nor unlike any."""
    known, unknown = shelf.vectors_of([1, 4]), shelf.vectors_of([99])
    assert affinity(unknown, known).tolist() == [[0, 0]]
    assert affinity(known, unknown).tolist() == [[0], [0]]


def test_many_votes_give_what_single_ones_give() -> None:
    """Rows are met in blocks, and no row notices."""
    texts = [f"word{n % 13} word{n % 11} word{n % 7}" for n in range(150)]
    rows = FeatureSpace.fit(texts).transform(texts)
    matrix = affinity(rows, rows)
    assert matrix == pytest.approx(multiply(rows, rows), abs=1e-4)
    single = np.concatenate([affinity(rows.take([n]), rows) for n in range(150)])
    assert matrix == pytest.approx(single, abs=1e-5)


@given(st.lists(st.sampled_from(["video diffusion", "protein", "robot grasping", "", "the"]), max_size=8))
def test_copies_get_equal_numbers(shelf: Shelf, texts: list[str]) -> None:
    """Wherever equal texts stand, liked or offered, they have the same numbers to the last bit."""
    papers = shelf.space.transform(texts)
    matrix = affinity(papers, papers)
    for n, text in enumerate(texts):
        first = texts.index(text)
        assert matrix[n].tolist() == matrix[first].tolist()
        assert matrix[:, n].tolist() == matrix[:, first].tolist()


def test_nothing_on_either_side_is_an_empty_matrix(shelf: Shelf) -> None:
    """No votes or no candidates keep the shape."""
    none, some = shelf.vectors_of([]), shelf.vectors_of([1, 2])
    assert affinity(none, some).shape == (0, 2)
    assert affinity(some, none).shape == (2, 0)


def test_k_is_single_precision(shelf: Shelf) -> None:
    """A matrix of readers and candidates takes four bytes a number, as it says."""
    assert affinity(shelf.vectors_of([1]), shelf.vectors_of([2])).dtype == np.float32

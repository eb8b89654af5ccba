from __future__ import annotations

import numpy as np
import pytest

from recommender.affinity import affinity
from recommender.features import FeatureSpace
from recommender.shelf import Shelf
from recommender.vectors import Vectors

PAPERS = {1: "video diffusion", 2: "protein folding", 5: "robot grasping", 3: "graphs"}
MEANINGS = dict(zip([1, 2, 5], np.eye(3, 6, dtype=np.float32), strict=True))
MOST = np.array([*MEANINGS.values(), np.zeros(6)], dtype=np.float32)


def told(vectors: Vectors) -> list[list[float]]:
    return np.hstack([vectors.words.toarray(), vectors.dense]).tolist()


def test_papers_are_found_and_others_are_zero(shelf: Shelf) -> None:
    """A lookup gives one row an id in the order asked, zero for what is not there."""
    rows = shelf.vectors_of([4, 99, 1])
    assert [any(row) for row in told(rows)] == [True, False, True]
    assert affinity(rows, shelf.vectors_of([1]))[:, 0].argmax() == 2


def test_words_can_be_looked_up_alone(shelf: Shelf) -> None:
    """In the same order and with the same rows of zeros."""
    words = shelf.vectors_of([4, 99, 1]).words
    assert shelf.words_of([4, 99, 1]).toarray().tolist() == words.toarray().tolist()


def test_nothing_asked_gives_no_rows(shelf: Shelf) -> None:
    """An empty lookup has the right width."""
    none = shelf.vectors_of([])
    assert none.words.shape == (0, shelf.vectors.words.shape[1])
    assert none.dense.shape == (0, shelf.vectors.dense.shape[1])


def test_missing_lists_what_is_not_there(shelf: Shelf) -> None:
    """Missing ids come back in the order given."""
    assert shelf.missing([99, 1, 42]) == [99, 42]


def test_extending_makes_a_new_shelf(shelf: Shelf) -> None:
    """The shelf that was extended is as it was."""
    before = len(shelf)
    longer = shelf.extended({20: "Video diffusion of rain", 21: ""})
    assert (len(shelf), len(longer)) == (before, before + 2)
    assert shelf.missing([20]) == [20]
    assert longer.missing([1, 20, 21]) == []
    video, robot = affinity(longer.vectors_of([20]), longer.vectors_of([1, 7]))[0]
    assert video > 1 > robot


def test_extending_keeps_the_vectors_of_before(shelf: Shelf) -> None:
    """Old papers keep their vectors, and unknown ones stay zero."""
    longer = shelf.extended({20: "Video diffusion of rain"})
    asked = [*range(1, 9), 99]
    assert told(longer.vectors_of(asked)) == told(shelf.vectors_of(asked))


def test_a_paper_told_again_gets_its_new_vector(shelf: Shelf) -> None:
    """A text that came later replaces the vector and adds no paper."""
    longer = shelf.extended({7: "Protein folding"})
    assert len(longer) == len(shelf)
    assert len(longer.vectors) == len(shelf.vectors)
    assert affinity(longer.vectors_of([7]), longer.vectors_of([4]))[0, 0] > 1
    assert affinity(shelf.vectors_of([7]), shelf.vectors_of([4]))[0, 0] < 0


def test_a_shelf_can_be_narrowed(shelf: Shelf) -> None:
    """Some papers keep their vectors, each once; one that is not here is not there either."""
    narrow = shelf.narrowed([4, 1, 4, 999])
    assert list(narrow.rows) == [4, 1]
    assert len(narrow.vectors) == 3
    assert told(narrow.vectors_of([1, 4, 2, 999])) == told(shelf.vectors_of([1, 4, 999, 999]))


def test_two_shelves_of_one_space_can_be_joined(shelf: Shelf) -> None:
    """The papers of both are there; of one that both hold, the other shelf's text counts."""
    other = Shelf.empty(shelf.space).extended({1: "robots", 99: "video diffusion"})
    joined = shelf.joined(other)
    assert len(joined) == len(shelf) + 1
    assert told(joined.vectors_of([1, 99, 2, 999])) == told(
        Vectors.stacked([other.vectors_of([1, 99]), shelf.vectors_of([2, 999])])
    )


def test_an_empty_shelf_can_be_asked_and_extended() -> None:
    """A shelf of no papers knows no word, and says so by zeros."""
    empty = Shelf.build({})
    assert len(empty) == 0
    assert not np.any(told(empty.vectors_of([1])))
    assert not np.any(told(empty.extended({1: "video"}).vectors_of([1])))


def test_a_shelf_may_be_filled_after_its_space_was_fitted(shelf: Shelf) -> None:
    """An empty shelf of a space has no paper, and gives those put on it the vectors of the space."""
    empty = Shelf.empty(shelf.space)
    assert (len(empty), empty.missing([1])) == (0, [1])
    filled = empty.extended({4: "video diffusion", 1: "robots"})
    assert told(filled.vectors_of([1, 4, 9])) == told(
        shelf.space.transform(["robots", "video diffusion", ""])
    )


def test_meanings_are_laid_beside_their_papers() -> None:
    """Each paper gets its own meaning, whatever their order; one that has none yet counts as average."""
    shuffled = dict(reversed(MEANINGS.items()))
    shelf = Shelf.build(PAPERS, shuffled | {77: MEANINGS[1]})
    assert shelf.space.reads_meanings
    expected = FeatureSpace.fit(list(PAPERS.values()), MOST).transform(list(PAPERS.values()), MOST)
    assert told(shelf.vectors_of(list(PAPERS))) == told(expected)
    assert len(shelf) == len(PAPERS)


def test_papers_that_come_later_bring_their_meanings() -> None:
    """A meaning is read with the text that it came with, and a paper told again loses the old one."""
    shelf = Shelf.build(PAPERS, MEANINGS)
    longer = shelf.extended({8: "unheard", 9: "of"}, {8: MEANINGS[1]})
    alike = affinity(longer.vectors_of([8, 9]), longer.vectors_of([1]))[:, 0]
    assert alike[0] > 0 == alike[1]
    again = shelf.extended({1: "unheard"})
    assert not np.any(told(again.vectors_of([1])))


@pytest.mark.parametrize("meanings", [None, {}, {1: MEANINGS[1]}], ids=["off", "none yet", "one of four"])
def test_few_meanings_are_left_aside(meanings: dict[int, np.ndarray] | None) -> None:
    """Until half the papers have a meaning the shelf is built, and extended, as without any."""
    shelf, plain = Shelf.build(PAPERS, meanings), Shelf.build(PAPERS)
    assert not shelf.space.reads_meanings
    assert told(shelf.vectors) == told(plain.vectors)
    more = {6: "video of robots"}
    assert told(shelf.extended(more, {6: MEANINGS[2]}).vectors) == told(plain.extended(more).vectors)

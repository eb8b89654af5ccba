from __future__ import annotations

from recommender.affinity import affinity
from recommender.shelf import Shelf


def test_papers_are_found_and_others_are_zero(shelf: Shelf) -> None:
    """A lookup gives one row an id in the order asked, zero for what is not there."""
    rows = shelf.vectors_of([4, 99, 1])
    assert [row.nnz > 0 for row in rows] == [True, False, True]
    assert affinity(rows, shelf.vectors_of([1]))[:, 0].argmax() == 2


def test_nothing_asked_gives_no_rows(shelf: Shelf) -> None:
    """An empty lookup has the right width."""
    assert shelf.vectors_of([]).shape == (0, shelf.vectors.shape[1])


def test_missing_lists_what_is_not_there(shelf: Shelf) -> None:
    """Missing ids come back in the order given."""
    assert shelf.missing([99, 1, 42]) == [99, 42]


def test_extending_makes_a_new_shelf(shelf: Shelf) -> None:
    """The shelf that was extended is as it was."""
    longer = shelf.extended({20: "Video diffusion of rain", 21: ""})
    assert (len(shelf), len(longer)) == (8, 10)
    assert shelf.missing([20]) == [20]
    assert longer.missing([1, 20, 21]) == []
    assert affinity(longer.vectors_of([20]), longer.vectors_of([1, 7])).tolist()[0][0] > 0


def test_extending_keeps_the_vectors_of_before(shelf: Shelf) -> None:
    """Old papers keep their vectors, and unknown ones stay zero."""
    longer = shelf.extended({20: "Video diffusion of rain"})
    assert (longer.vectors_of([*range(1, 9), 99]) != shelf.vectors_of([*range(1, 9), 99])).nnz == 0


def test_a_paper_told_again_gets_its_new_vector(shelf: Shelf) -> None:
    """A text that came later replaces the vector and adds no paper."""
    longer = shelf.extended({7: "Protein folding"})
    assert len(longer) == len(shelf)
    assert longer.vectors.shape == shelf.vectors.shape
    assert affinity(longer.vectors_of([7]), longer.vectors_of([4]))[0, 0] > 0
    assert affinity(shelf.vectors_of([7]), shelf.vectors_of([4]))[0, 0] == 0


def test_an_empty_shelf_can_be_asked_and_extended() -> None:
    """A shelf of no papers knows no word, and says so by zeros."""
    empty = Shelf.build({})
    assert len(empty) == 0
    assert empty.vectors_of([1]).nnz == 0
    assert empty.extended({1: "video"}).vectors_of([1]).nnz == 0

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.affinity import CHANCE, affinity
from recommender.first_history import place_interests, read_phrase, state
from recommender.interests import read_interests
from recommender.nearest import find_nearest, find_similar
from recommender.shelf import Shelf

WORDS = ["video", "diffusion", "protein", "folding", "robot", "grasping", "models"]


def test_a_phrase_finds_the_papers_on_it(shelf: Shelf) -> None:
    """All three papers on the subject, and none of another."""
    assert set(find_nearest(shelf, read_phrase(shelf, "video diffusion"), 10)) == {1, 2, 3}


def test_no_more_than_asked_for_are_found(shelf: Shelf) -> None:
    """Of two nearest papers the nearer is the first; none is asked for with zero or less."""
    row = read_phrase(shelf, "protein folding")
    two = find_nearest(shelf, row, 2)
    assert [find_nearest(shelf, row, n) for n in (1, 0, -1)] == [two[:1], [], []]


@pytest.mark.parametrize("phrase", ["qwertz", "the", ""])
def test_words_that_nobody_wrote_find_nothing(shelf: Shelf, phrase: str) -> None:
    """A search that tells nothing is like no paper."""
    assert find_nearest(shelf, read_phrase(shelf, phrase), 10) == []


def test_interests_are_not_found(shelf: Shelf) -> None:
    """What a reader stated is no paper, wherever it stands."""
    said = place_interests(shelf, state(read_interests("video diffusion")))
    row = read_phrase(shelf, "video diffusion")
    assert find_nearest(shelf.joined(said), row, 10) == find_nearest(shelf, row, 10)


def test_similar_papers_share_terms(shelf: Shelf) -> None:
    """Near papers come with the words that both have; the paper itself and those left out do not come."""
    found = find_similar(shelf, 1, 10, exclude=[3])
    assert [similar.paper_id for similar in found] == [2]
    assert "video diffusion" in found[0].terms


@pytest.mark.parametrize("unknown", [12345, -7])
def test_nothing_is_similar_to_a_paper_that_is_not_there(shelf: Shelf, unknown: int) -> None:
    assert find_similar(shelf, unknown, 10) == []


def test_a_paper_of_which_little_is_known_is_not_near() -> None:
    """K's cap holds: what resembles itself by no more than chance resembles nothing by more."""
    shelf = Shelf.build({0: "video", 1: "robot video grasping", 2: "robot models robot"})
    assert affinity(shelf.vectors_of([1]), shelf.vectors_of([1]))[0, 0] < CHANCE
    assert find_nearest(shelf, shelf.vectors_of([0]), 9) == [0]


def test_an_empty_shelf_has_nothing_near() -> None:
    empty = Shelf.build({})
    assert find_nearest(empty, read_phrase(empty, "fog"), 10) == []
    assert find_similar(empty, 1, 10) == []


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=2, max_size=9))
@settings(max_examples=60)
def test_the_nearest_are_those_of_greatest_affinity(texts: list[str]) -> None:
    """On any shelf it is K itself that finds and orders, cap and all; equals stand by their ids."""
    shelf = Shelf.build(dict(enumerate(texts)))
    row = shelf.vectors_of([0])
    whole = affinity(row, shelf.vectors)[0][:-1]
    expected = [int(place) for place in np.lexsort((range(len(whole)), -whole)) if whole[place] > CHANCE]
    assert find_nearest(shelf, row, len(texts)) == expected

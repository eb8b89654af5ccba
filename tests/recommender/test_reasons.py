from __future__ import annotations

from collections.abc import Callable

from recommender.reasons import MAX_TERMS, choose_terms, share_terms
from recommender.shelf import Shelf


def shared(shelf: Shelf, liked: int, pick: int) -> tuple[str, ...]:
    return share_terms(shelf.space, shelf.vectors_of([liked]), shelf.vectors_of([pick]))


def test_a_pair_is_named_before_its_words() -> None:
    """A pair counts its words in, and its words are not named beside it."""
    assert choose_terms({"video": 0.3, "diffusion": 0.2, "video diffusion": 0.1, "noise": 0.5}) == (
        "video diffusion",
        "noise",
    )


def test_no_word_is_named_twice() -> None:
    """A second pair with a word of the first, and a plural of it, are left out."""
    assert choose_terms({"protein folding": 0.5, "folding energy": 0.4, "proteins": 0.3, "robot": 0.1}) == (
        "protein folding",
        "robot",
    )


def test_talk_is_not_named_however_strong() -> None:
    """Boilerplate and general words make no reason."""
    assert choose_terms({"propose": 0.9, "results": 0.8, "models": 0.7, "robot": 0.1}) == ("robot",)
    assert choose_terms({"results": 0.8}) == ()


def test_at_most_three_terms_the_strongest_first() -> None:
    """A reason stays one line; ties stand by the alphabet."""
    shares = {"robot": 0.2, "zebra": 0.9, "noise": 0.2, "video": 0.1, "camera": 0.05}
    assert choose_terms(shares) == ("zebra", "noise", "robot")
    assert MAX_TERMS == 3


def test_terms_are_those_of_both_papers(shelf: Shelf) -> None:
    """The two papers on proteins meet in their subject."""
    assert shared(shelf, 4, 5)[0] in {"protein folding", "amino acid", "acid sequence"}


def test_papers_that_share_nothing_have_no_terms(shelf: Shelf) -> None:
    """Nothing shared, and unknown papers, give no words."""
    assert shared(shelf, 1, 4) == shared(shelf, 1, 99) == ()


def test_a_word_and_its_plural_are_shared(shelve: Callable[[dict[int, str]], Shelf]) -> None:
    """Two papers meet in a word that one has in the plural; it is named as most papers spell it."""
    shelf = shelve({1: "Slow robot", 2: "Fast robots", 3: "Robots", 4: "Soft robots of zebras", 5: "A zebra"})
    assert shared(shelf, 1, 2) == ("robots",)
    assert shared(shelf, 4, 5) == ("zebras",)


def test_terms_are_no_word_that_only_one_has(shelf: Shelf) -> None:
    """What all papers have in common with the background, or one has alone, is not named."""
    for term in shared(shelf, 7, 8):
        assert set(term.split()) <= {"robot", "soft", "gripper", "robot gripper", "grasp"}

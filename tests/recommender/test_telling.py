from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.concordance import Concordance
from recommender.rules import Rule, Rulebook, RuleKind
from recommender.shelf import Shelf
from recommender.telling import find_telling_terms
from recommender.values import Paper

PAPER = Paper(
    title="Video diffusion with motion budgets",
    abstract="Video diffusion models keep faces steady. Results on generated videos improve.",
)


def shelf_of(papers: dict[int, Paper], shelf: Shelf) -> Shelf:
    return shelf.extended({paper_id: paper.text for paper_id, paper in papers.items()})


def test_the_subject_is_told_and_the_general_is_not(shelf: Shelf) -> None:
    """The subject comes first; words that stand in papers of all kinds are not worth a mute."""
    terms = find_telling_terms(shelf_of({9: PAPER}, shelf), 9, PAPER, 5)
    assert terms[0] == "video diffusion"
    assert {word for term in terms for word in term.split()}.isdisjoint({"models", "results", "with"})


def test_a_pair_with_a_general_word_is_not_told() -> None:
    """By "gadget methods" little would be muted, by "gadget" all of its kind."""
    paper = Paper(title="Gadget methods")
    gadgets = dict.fromkeys(range(8), paper.text)
    shelf = Shelf.build(gadgets | {n: f"part{n} of place{n}" for n in range(8, 40)})
    assert "gadget methods" in shelf.space.terms(shelf.vectors_of([1]).words.tocoo().col)
    assert find_telling_terms(shelf, 1, paper, 9) == ("gadget",)


def test_no_more_are_told_than_asked_for(shelf: Shelf) -> None:
    assert len(find_telling_terms(shelf_of({9: PAPER}, shelf), 9, PAPER, 1)) == 1
    assert find_telling_terms(shelf_of({9: PAPER}, shelf), 9, PAPER, 0) == ()


def test_a_paper_that_is_not_on_the_shelf_has_no_terms(shelf: Shelf) -> None:
    assert find_telling_terms(shelf, 9, PAPER, 5) == ()


def test_words_on_both_sides_of_a_part_are_no_pair(shelf: Shelf) -> None:
    """A title's end and an abstract's beginning stand side by side nowhere in the paper."""
    paper = Paper(title="Steady video", abstract="Diffusion of heat.")
    assert "video diffusion" not in find_telling_terms(shelf_of({9: paper}, shelf), 9, paper, 9)


words = st.lists(
    st.sampled_from(["video", "videos", "Diffusion", "protein-folding", "robot,", "3D", "results"]),
    max_size=9,
)


@given(words.map(" ".join), words.map(" ".join))
@settings(max_examples=60)
def test_each_term_would_mute_the_paper(shelf: Shelf, title: str, abstract: str) -> None:
    """Whatever is offered for muting mutes this very paper."""
    paper = Paper(title=title, abstract=abstract)
    for term in find_telling_terms(shelf_of({9: paper}, shelf), 9, paper, 9):
        assert Rulebook.of([Rule(RuleKind.MUTE, term)], {9: paper}).muted() == {9}
        assert Concordance.of([paper]).find(term)

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from recommender.affinity import affinity
from recommender.diversity import NOTHING
from recommender.features import FeatureSpace
from recommender.offer import Offer
from recommender.score import SHARPNESS
from recommender.shelf import Shelf
from recommender.values import Candidate
from recommender.voices import MOST_CELLS, Voices

RECENT = [Candidate(2, 1), Candidate(4, 9), Candidate(7), Candidate(4, 3)]
FIRST, LATER = -5, -9


@pytest.fixture
def stated(shelf: Shelf) -> Shelf:
    """Put interests beside the papers."""
    return shelf.extended({FIRST: "video diffusion", LATER: "protein folding"})


def said(offer: Offer, ids: Sequence[int]) -> list[list[float]]:
    """Look up K of voted papers and the candidates, as the offer has it."""
    rows = offer.voices.rows_of(np.array(ids))
    affinities: list[list[float]] = (np.log(offer.voices.lines(rows)) / SHARPNESS).round(5).tolist()
    return affinities


def expected(shelf: Shelf, ids: Sequence[int]) -> list[list[float]]:
    affinities: list[list[float]] = (
        affinity(shelf.vectors_of(ids), shelf.vectors_of([4, 2, 7])).astype(np.float64).round(5).tolist()
    )
    return affinities


def test_candidates_stand_once_in_trending_order(shelf: Shelf) -> None:
    """Each at its better place; what is not offered has none."""
    offer = Offer.of(shelf, RECENT)
    assert offer.paper_ids.tolist() == [4, 2, 7]
    assert offer.places_of(np.array([7, 3, 4, 99])).tolist() == [2, NOTHING, 0, NOTHING]
    assert Offer.of(shelf, []).places_of(np.array([7])).tolist() == [NOTHING]


def test_an_extended_offer_has_heard_papers_and_interests(stated: Shelf) -> None:
    """In any order, now and before; one that is not on the shelf says nothing."""
    before = Offer.of(stated, RECENT).extended(stated, [6, 1])
    after = before.extended(stated, np.array([3, FIRST, 1, 3, 5]))
    for ids in ([1, 6, FIRST, 5, 3], [FIRST], []):
        assert said(after, ids) == expected(stated, ids)
    assert said(after.extended(stated, [99]), [99]) == [[0, 0, 0]]


def test_a_renewed_offer_is_one_that_was_made_anew_and_heard_the_same_papers(stated: Shelf) -> None:
    """Whether candidates came, went, or stand in another order; interests are heard anew."""
    heard = [1, 3, 6, 99]
    before = Offer.of(stated, RECENT).extended(stated, [*heard, FIRST])
    for recent in (
        [Candidate(7, 50), *RECENT],
        RECENT[1:],
        [Candidate(4), Candidate(5, 2)],
        [Candidate(5)],
        [],
    ):
        renewed, anew = before.renewed(stated, recent), Offer.of(stated, recent)
        assert renewed.paper_ids.tolist() == anew.paper_ids.tolist()
        assert renewed.is_recent.tolist() == anew.is_recent.tolist()
        assert said(renewed, heard) == said(anew.extended(stated, heard), heard)
        assert renewed.count_unheard(np.array(heard)) == 0
        again = renewed.extended(stated, [FIRST, LATER])
        assert said(again, [FIRST, LATER]) == said(anew.extended(stated, [FIRST, LATER]), [FIRST, LATER])


def test_an_offer_is_never_changed(stated: Shelf) -> None:
    """One that was extended still has what it had, and no more."""
    before = Offer.of(stated, RECENT).extended(stated, [6, FIRST])
    before.extended(stated, [1, LATER])
    assert said(before, [6, FIRST]) == expected(stated, [6, FIRST])
    with pytest.raises(ValueError, match="not extended by 2"):
        before.voices.rows_of(np.array([1, 6, LATER]))


def test_papers_are_kept_and_not_read_again(stated: Shelf) -> None:
    """What was heard of a paper stays, whatever the next shelf has of it."""
    offer = Offer.of(stated, RECENT).extended(stated, [1])
    assert said(offer.extended(Shelf.empty(stated.space), [1]), [1]) == expected(stated, [1])
    assert offer.extended(stated, [1]).voices.papers is offer.voices.papers


def test_interests_stay_until_the_next_call(stated: Shelf) -> None:
    """They are heard anew each time, since a model may have read them meanwhile."""
    offer = Offer.of(stated, RECENT).extended(stated, [FIRST, 1])
    read = stated.extended({FIRST: "protein folding"})
    assert said(offer.extended(read, [FIRST]), [FIRST, 1]) == expected(read, [FIRST, 1])
    with pytest.raises(ValueError, match="not extended by 1"):
        offer.extended(stated, [LATER]).voices.rows_of(np.array([FIRST]))


def test_a_shelf_of_another_space_is_refused(shelf: Shelf) -> None:
    """Its numbers would not compare with those that are there."""
    with pytest.raises(ValueError, match="another space"):
        Offer.of(shelf, RECENT).extended(Shelf.empty(FeatureSpace.fit(["video diffusion"])), [1])


def test_terms_come_from_the_last_shelf(shelf: Shelf) -> None:
    """Pair by pair, for papers and places in any order."""
    offer = Offer.of(shelf.narrowed([2, 4, 7]), RECENT).extended(shelf, [1, 5])
    terms = offer.share_terms([5, 1, 5], np.array([0, 0, 1]))
    assert terms[0][0] in {"protein folding", "amino acid", "acid sequence"}
    assert terms[1:] == [(), ()]


def test_interests_may_be_on_a_shelf_of_their_own(shelf: Shelf, stated: Shelf) -> None:
    """What is heard, and which terms are shared, is the same as where they stand beside the papers."""
    ids, places = [1, FIRST, 5, LATER], np.array([0, 1, 0, 0])
    together = Offer.of(shelf, RECENT).extended(stated, ids)
    apart = Offer.of(shelf, RECENT).extended(shelf, ids, stated.narrowed([FIRST, LATER]))
    assert said(apart, ids) == said(together, ids) == expected(stated, ids)
    assert apart.share_terms(ids, places) == together.share_terms(ids, places)
    assert apart.share_terms([LATER], np.array([0])) == [("protein folding",)]


def test_an_offer_tells_what_it_has_not_heard(stated: Shelf) -> None:
    """Papers alone, each once; interests are heard anew anyway."""
    offer = Offer.of(stated, RECENT).extended(stated, [1, FIRST])
    assert offer.count_unheard(np.array([6, 1, 3, 6, LATER])) == 2
    assert offer.has_room_for(MOST_CELLS // 3)
    assert not offer.has_room_for(MOST_CELLS // 3 + 1)


def test_with_too_many_papers_only_those_needed_are_kept() -> None:
    """Three rows, that of nobody among them, of two numbers each fill a bound of six."""
    nothing = np.zeros((2, 2), dtype=np.float32)
    voices = Voices.none(2).with_papers(np.array([3, 8]), nothing)
    assert voices.bounded(np.array([8]), most_cells=6) is voices
    assert voices.bounded(np.array([8, 9]), most_cells=6).paper_ids[1:].tolist() == [8]
    assert len(voices.bounded(np.array([9]), most_cells=6)) == 1

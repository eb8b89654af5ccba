"""Promises that hold for any shelf, votes and candidates."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.features import FeatureSpace
from recommender.recommend import recommend
from recommender.shelf import Shelf
from recommender.terms import fold_plural, may_be_subject, words_of
from recommender.values import Candidate, Pick, Slot, Vote

Votes = Callable[..., list[Vote]]
Shelve = Callable[[dict[int, str]], Shelf]
WORDS = "video diffusion protein proteins folding robot robots grasping model models results the of 3d"
FRESH = 99  # an id that nothing drawn has
ALL = 12  # as many picks as there can be candidates

ids = st.integers(1, ALL)
shelved = st.lists(
    st.lists(st.sampled_from(WORDS.split(" ")), max_size=8).map(" ".join),
    min_size=1,
    max_size=9,
).map(lambda texts: dict(enumerate(texts, start=1)))
signed_ids = st.lists(ids.flatmap(lambda paper_id: st.sampled_from([paper_id, -paper_id])), max_size=10)
offers = st.lists(st.builds(Candidate, ids, st.integers(0, 300), st.integers(0, 3)), max_size=ALL)
quick = settings(max_examples=60)


@pytest.fixture(scope="session")
def shelve(background: dict[int, str]) -> Callable[[dict[int, str]], Shelf]:
    """Put papers on a shelf whose space was fitted before, on texts with their words and many others."""
    known = ["video diffusion", "protein folding", "robot grasping", "diffusion models", "3d results", WORDS]
    bare = Shelf.empty(FeatureSpace.fit([*known, *background.values()]))
    return bare.extended


def score_of(picks: list[Pick], paper_id: int) -> float:
    return next(pick.score for pick in picks if pick.paper_id == paper_id)


def shown_with_words(papers: dict[int, str], signed: list[int], candidates: list[Candidate]) -> set[int]:
    """Find the candidates that nobody voted on and that have a word to be found by."""
    voted = set(map(abs, signed))
    found = {candidate.paper_id for candidate in candidates} - voted
    return {paper_id for paper_id in found if any(map(may_be_subject, words_of(papers.get(paper_id, ""))))}


def fold(text: str) -> str:
    return " ".join(map(fold_plural, words_of(text)))


@given(shelved, signed_ids, offers, st.integers(-1, ALL + 2))
@quick
def test_picks_are_new_once_each_and_as_many_as_there_are(
    vote: Votes,
    papers: dict[int, str],
    signed: list[int],
    candidates: list[Candidate],
    n: int,
) -> None:
    """min(n, eligible) picks, none twice, none voted on, each a candidate, best first, on any shelf."""
    picks = recommend(Shelf.build(papers), vote(signed), candidates, n)
    eligible = {candidate.paper_id for candidate in candidates} - set(map(abs, signed))
    found = [pick.paper_id for pick in picks]
    assert len(found) == len(set(found)) == max(0, min(n, len(eligible)))
    assert set(found) <= eligible
    assert [pick.score for pick in picks] == sorted((pick.score for pick in picks), reverse=True)
    assert all(map(math.isfinite, (pick.score for pick in picks)))


@given(
    papers=shelved,
    signed=signed_ids,
    candidates=offers,
    n=st.integers(1, 5),
    random=st.randoms(use_true_random=False),
)
@quick
def test_the_order_of_votes_and_candidates_is_irrelevant(
    vote: Votes,
    papers: dict[int, str],
    signed: list[int],
    candidates: list[Candidate],
    *,
    n: int,
    random: Random,
) -> None:
    """The same votes and candidates in another order, and asked again, give the very same picks."""
    votes = vote(signed)
    other_votes, other_candidates = list(votes), list(candidates)
    random.shuffle(other_votes)
    random.shuffle(other_candidates)
    picks = recommend(Shelf.build(papers), votes, candidates, n)
    assert recommend(Shelf.build(papers), other_votes, other_candidates, n) == picks


@given(shelved, signed_ids, offers)
@quick
def test_liking_an_exact_duplicate_never_lowers_a_candidate(
    vote: Votes, papers: dict[int, str], signed: list[int], candidates: list[Candidate]
) -> None:
    """A new like of the same text leaves no candidate with a lower score, however small the corpus."""
    for paper_id in {candidate.paper_id for candidate in candidates} - set(map(abs, signed)):
        shelf = Shelf.build(papers | {FRESH: papers.get(paper_id, "")})
        before = recommend(shelf, vote(signed), candidates, ALL)
        after = recommend(shelf, vote([*signed, FRESH]), candidates, ALL)
        assert score_of(after, paper_id) >= score_of(before, paper_id) - 1e-6


@given(shelved, signed_ids, offers)
@quick
def test_disliking_an_exact_duplicate_lowers_a_candidate(
    shelve: Shelve,
    vote: Votes,
    papers: dict[int, str],
    signed: list[int],
    candidates: list[Candidate],
) -> None:
    """Against any likes, a dislike of the same text costs a candidate part of its score."""
    likes = list(map(abs, signed))
    for paper_id in shown_with_words(papers, signed, candidates):
        shelf = shelve(papers | {FRESH: papers[paper_id]})
        before = recommend(shelf, vote(likes), candidates, ALL)
        after = recommend(shelf, vote([*likes, -FRESH]), candidates, ALL)
        assert score_of(after, paper_id) < score_of(before, paper_id)


@given(shelved, signed_ids, offers)
@quick
def test_the_reason_is_by_leaving_one_out(
    shelve: Shelve,
    vote: Votes,
    papers: dict[int, str],
    signed: list[int],
    candidates: list[Candidate],
) -> None:
    """Take the named like away and the score falls at least as far as for any other like."""
    shelf, votes = shelve(papers), vote(signed)
    liked = {paper_id for paper_id in map(abs, signed) if signed.count(paper_id) > signed.count(-paper_id)}
    for pick in recommend(shelf, votes, candidates, ALL):
        assert (pick.slot is Slot.TASTE) == (pick.reason is not None)
        if pick.reason:
            without = {
                away: recommend(shelf, [one for one in votes if one.paper_id != away], candidates, ALL)
                for away in liked
            }
            left = {away: score_of(picks, pick.paper_id) for away, picks in without.items()}
            assert left[pick.reason.paper_id] <= min(left.values()) + 1e-9


@given(shelved, signed_ids, offers)
@quick
def test_the_terms_of_a_reason_stand_in_both_texts(
    shelve: Shelve,
    vote: Votes,
    papers: dict[int, str],
    signed: list[int],
    candidates: list[Candidate],
) -> None:
    """Each of at most three can be found in both texts, one of them perhaps in the other number."""
    for pick in recommend(shelve(papers), vote(signed), candidates, ALL):
        if pick.reason:
            assert len(pick.reason.terms) <= 3
            for term in pick.reason.terms:
                assert f" {fold(term)} " in f" {fold(papers[pick.reason.paper_id])} "
                assert f" {fold(term)} " in f" {fold(papers[pick.paper_id])} "
                assert set(term.split()) <= set(WORDS.split())

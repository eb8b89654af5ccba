from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.calibration import Calibration, Likely
from recommender.concordance import Concordance
from recommender.exploration import SHARE, doubt
from recommender.objections import LikeDisliked, Muted, UnlikeLiked, find_objection
from recommender.recommend import recommend
from recommender.rules import Rule, Rulebook, RuleKind
from recommender.shelf import Shelf
from recommender.threshold import LEAST_RECENT, Percentile
from recommender.values import Candidate, Paper, Pick, Slot, Vote
from recommender.wishes import Wishes

Votes = Callable[..., list[Vote]]

SUBJECTS = {
    "video": "Video diffusion generates frames whose motion and camera a storyboard steers",
    "protein": "Protein folding predicts the structure that an amino acid sequence takes",
    "robot": "Robot grasping lets a soft gripper pinch towels that tactile sensors feel",
    "market": "Auction markets clear bids where strategic traders learn prices and shade",
}
VOICES = ("quick", "quiet", "distant", "heavy", "early", "narrow", "patient", "bright", "hollow", "steady")
PAPERS = {
    place + 1: Paper(
        title=f"A {voice} {subject} paper",
        abstract=f"{said}, in a {voice} way.",
        authors=(f"{voice.title()} Byron",),
    )
    for place, (voice, (subject, said)) in enumerate(
        (voice, subject) for voice in VOICES for subject in SUBJECTS.items()
    )
}
VIDEO, PROTEIN, ROBOT, MARKET = (list(range(first, len(PAPERS) + 1, 4)) for first in (1, 2, 3, 4))
QUARTER = 75  # a quarter of all papers is on each subject
ALL = [Candidate(paper_id) for paper_id in PAPERS]
SHELF = Shelf.build({paper_id: paper.text for paper_id, paper in PAPERS.items()})
INDEX = Concordance.of(list(PAPERS.values()))

signed_ids = st.lists(
    st.sampled_from(list(PAPERS)).flatmap(lambda paper_id: st.sampled_from([paper_id, -paper_id])), max_size=8
)
offers = st.lists(
    st.builds(Candidate, st.sampled_from(list(PAPERS)), st.integers(0, 99)), max_size=len(PAPERS)
)
rules = st.lists(
    st.builds(Rule, st.sampled_from(RuleKind), st.sampled_from(["video", "soft gripper", "quiet"])),
    max_size=3,
)
draws = st.floats(0, 1, exclude_max=True) | st.floats(0, SHARE, exclude_max=True)


def rulebook(*rules: Rule) -> Rulebook:
    return Rulebook(rules, INDEX, list(PAPERS))


def candidates(*subjects: list[int]) -> list[Candidate]:
    return [Candidate(paper_id) for subject in subjects for paper_id in subject]


def ids(picks: list[Pick]) -> list[int]:
    return [pick.paper_id for pick in picks]


def at(percentile: float) -> Wishes:
    return Wishes(threshold=Percentile(percentile), recent=ALL)


@given(
    signed=signed_ids,
    offered=offers,
    n=st.integers(-1, 6),
    rules=rules,
    percentile=st.floats(0, 100),
    draw=draws,
)
def test_whatever_is_wished_nothing_barred_is_shown_and_nothing_twice(
    vote: Votes,
    signed: list[int],
    offered: list[Candidate],
    *,
    n: int,
    rules: list[Rule],
    percentile: float,
    draw: float,
) -> None:
    """At most n picks, each a candidate, none voted on or muted; one at most explores, the last."""
    wishes = Wishes(rulebook(*rules), Percentile(percentile), ALL, draw)
    picks = recommend(SHELF, vote(signed), offered, n, wishes)
    barred = set(map(abs, signed)) | wishes.rules.muted()
    assert len(set(ids(picks))) == len(picks) <= max(n, 0)
    assert set(ids(picks)) <= {candidate.paper_id for candidate in offered} - barred
    explored = [pick for pick in picks if pick.slot is Slot.EXPLORE]
    assert explored in ([], picks[-1:])
    assert all((pick.propensity is None) == (pick.slot is not Slot.EXPLORE) for pick in picks)
    assert all(0 < pick.propensity <= SHARE for pick in explored if pick.propensity is not None)


@given(signed=signed_ids, offered=offers, n=st.integers(1, 6), one=st.floats(0, 100), other=st.floats(0, 100))
def test_a_higher_threshold_shows_no_more(
    vote: Votes, signed: list[int], offered: list[Candidate], *, n: int, one: float, other: float
) -> None:
    """It shows as many or fewer, at no lower scores; whoever likes nothing meets no threshold."""
    votes = vote(signed)
    loose, strict = (recommend(SHELF, votes, offered, n, at(least)) for least in sorted((one, other)))
    assert len(strict) <= len(loose)
    if strict and len(strict) == len(loose):
        assert min(pick.score for pick in strict) >= min(pick.score for pick in loose) - 1e-9
    if not any(signed.count(paper_id) > signed.count(-paper_id) for paper_id in map(abs, signed)):
        assert strict == recommend(SHELF, votes, offered, n)


def test_what_is_strong_is_picked_and_what_is_not_is_not(vote: Votes) -> None:
    """With two video papers liked, the other video papers are the best of all, and nothing else passes."""
    picks = recommend(SHELF, vote(VIDEO[:2]), candidates(VIDEO[2:4], MARKET), 5, at(QUARTER))
    assert set(ids(picks)) == set(VIDEO[2:4])


def test_nothing_strong_is_an_answer(vote: Votes) -> None:
    """Where all that is left is nobody's taste the digest is empty, and without a threshold it is not."""
    left = candidates(MARKET)
    assert recommend(SHELF, vote(VIDEO[:2]), left, 3, at(QUARTER)) == []
    assert len(recommend(SHELF, vote(VIDEO[:2]), left, 3)) == 3


def test_the_threshold_compares_with_papers_that_were_shown_already(vote: Votes) -> None:
    """The candidates alone would pass their best; beside what the reader has had, it is weak."""
    left, votes = [Candidate(paper_id) for paper_id in [*MARKET, *ROBOT[2:], *PROTEIN[2:]]], vote(VIDEO[:2])
    assert len(left) >= LEAST_RECENT
    among_themselves = recommend(SHELF, votes, left, len(left), Wishes(threshold=Percentile(QUARTER)))
    assert 0 < len(among_themselves) < len(left)
    assert recommend(SHELF, votes, left, 3, at(QUARTER)) == []


def test_few_recent_papers_set_no_threshold(vote: Votes) -> None:
    """In a first week there is nothing to compare with."""
    left = candidates(MARKET)
    wishes = Wishes(threshold=Percentile(100), recent=ALL[: LEAST_RECENT - len(MARKET) - 1])
    assert len(recommend(SHELF, vote(VIDEO[:2]), left, 3, wishes)) == 3


def test_a_threshold_may_be_a_chance(vote: Votes) -> None:
    """Where the chance of a like is known by score, what is too unlikely is left out."""
    everything = recommend(SHELF, vote(VIDEO[:2]), ALL, len(ALL))
    scores = sorted(pick.score for pick in everything)
    even = Calibration(slope=1.0, offset=-scores[-4], limit=0.999)
    picks = recommend(SHELF, vote(VIDEO[:2]), ALL, len(ALL), Wishes(threshold=Likely(even, 0.5)))
    assert [pick.score for pick in picks] == scores[: -4 - 1 : -1]


def test_muted_papers_give_way_and_boosted_ones_rise(vote: Votes) -> None:
    """A mute beats any like; a boost brings what no like speaks for before the rest of its kind."""
    votes = vote(VIDEO[:2])
    muted = Wishes(rulebook(Rule(RuleKind.MUTE, "video")))
    assert not set(ids(recommend(SHELF, votes, ALL, 40, muted))) & set(VIDEO)
    boosted = Wishes(rulebook(Rule(RuleKind.BOOST, "hollow robot")))
    plain = [pick for pick in ids(recommend(SHELF, votes, ALL, 40)) if pick not in VIDEO]
    risen = [pick for pick in ids(recommend(SHELF, votes, ALL, 40, boosted)) if pick not in VIDEO]
    assert plain[0] != ROBOT[8] == risen[0]


def test_a_followed_author_passes_any_threshold(vote: Votes) -> None:
    """Where nothing left is strong, their paper comes alone, lifted, and names the rule that brought it."""
    follow, votes = Rule(RuleKind.FOLLOW, "Hollow Byron"), vote(VIDEO[:2])
    wishes = replace(at(QUARTER), rules=rulebook(follow))
    (pick,) = recommend(SHELF, votes, candidates(MARKET), 3, wishes)
    plain = next(
        pick for pick in recommend(SHELF, votes, candidates(MARKET), 40) if pick.paper_id == MARKET[8]
    )
    assert (pick.paper_id, pick.rule, pick.slot, pick.reason) == (MARKET[8], follow, Slot.TASTE, None)
    assert pick.score > plain.score


def test_a_mute_is_stronger_than_a_follow(vote: Votes) -> None:
    """What is muted is not shown, whoever wrote it."""
    wishes = Wishes(rulebook(Rule(RuleKind.FOLLOW, "Quick Byron"), Rule(RuleKind.MUTE, "market")))
    for votes in ([], vote(VIDEO[:2])):
        assert not set(ids(recommend(SHELF, votes, ALL, 40, wishes))) & set(MARKET)


@pytest.mark.parametrize("kind", [RuleKind.BOOST, RuleKind.FOLLOW])
def test_what_was_asked_for_leads_before_any_like(kind: RuleKind) -> None:
    """Without a vote a rule lifts its papers above the trending ones, and its picks are of taste."""
    rule = Rule(kind, "Patient Byron")
    picks = recommend(SHELF, [], ALL, 5, Wishes(rulebook(rule)))
    assert {pick.paper_id for pick in picks[:4]} == {VIDEO[6], PROTEIN[6], ROBOT[6], MARKET[6]}
    assert [(pick.slot, pick.rule) for pick in picks] == [(Slot.TASTE, rule)] * 4 + [(Slot.TRENDING, None)]


def test_a_liked_kind_that_is_followed_has_both_grounds(vote: Votes) -> None:
    """The like is the reason, and the rule is named beside it."""
    follow = Rule(RuleKind.FOLLOW, "Hollow Byron")
    (first, *_) = recommend(SHELF, vote(VIDEO[:2]), candidates(VIDEO), 3, Wishes(rulebook(follow)))
    assert (first.paper_id, first.rule) == (VIDEO[8], follow)
    assert first.reason is not None


def test_without_a_like_rules_still_count(vote: Votes) -> None:
    """The trending order too leaves out what is muted."""
    muted = Wishes(rulebook(Rule(RuleKind.MUTE, "quick")), Percentile(100), ALL, 0.0)
    picks = recommend(SHELF, vote([-MARKET[3]]), ALL, 4, muted)
    assert len(picks) == 4
    assert not set(ids(picks)) & {VIDEO[0], PROTEIN[0], ROBOT[0], MARKET[0]}


def test_an_explored_pick_takes_the_last_place(vote: Votes) -> None:
    """The others stay as they were; what is explored was not among them, and passes no threshold."""
    votes = vote(VIDEO[:3])
    plain = recommend(SHELF, votes, ALL, 3, at(QUARTER))
    picks = recommend(SHELF, votes, ALL, 3, replace(at(QUARTER), draw=0.0))
    assert picks[:-1] == plain[:-1]
    assert picks[-1].slot is Slot.EXPLORE
    assert picks[-1].paper_id not in ids(plain)


def test_the_odds_of_all_that_may_be_explored_are_the_share(vote: Votes) -> None:
    """Over an even grid of draws each explored paper comes as often as its propensity says."""
    grid = (np.arange(300) + 0.5) / 300 * SHARE
    last = [recommend(SHELF, vote(VIDEO[:3]), ALL, 2, Wishes(draw=draw))[-1] for draw in grid]
    odds = {pick.paper_id: pick.propensity for pick in last}
    assert sum(chance for chance in odds.values() if chance) == pytest.approx(SHARE)
    for paper_id, chance in odds.items():
        assert ids(last).count(paper_id) / 300 == pytest.approx((chance or 0) / SHARE, abs=1 / 150)


@pytest.mark.parametrize(
    ("likes", "n", "draw"),
    [(2, 3, 0.0), (3, 1, 0.0), (3, 3, SHARE), (3, 3, None)],
)
def test_when_nothing_is_explored(vote: Votes, likes: int, n: int, draw: float | None) -> None:
    """With few likes, in a digest of one, and where the draw says no, the picks are as without it."""
    votes = vote(VIDEO[:likes])
    assert recommend(SHELF, votes, ALL, n, Wishes(draw=draw)) == recommend(SHELF, votes, ALL, n)


def test_an_explored_pick_names_a_like_only_where_one_speaks_for_it(vote: Votes) -> None:
    """Its reason is the true one: none for another subject, the like for the like's own."""
    votes = vote(VIDEO[:3])
    (_, foreign) = recommend(SHELF, votes, candidates(VIDEO[3:4], MARKET[5:7]), 2, Wishes(draw=0.0))
    (*_, kin) = recommend(SHELF, votes, candidates(VIDEO[3:6]), 2, Wishes(draw=0.0))
    assert (foreign.slot, foreign.reason) == (Slot.EXPLORE, None)
    assert kin.slot is Slot.EXPLORE
    assert kin.reason is not None
    assert kin.reason.paper_id in VIDEO[:3]


def test_a_doubt_is_least_where_a_vote_is_nearest() -> None:
    """By hand: the greatest K, whatever its sign and side, is what is known; without votes nothing is."""
    likes, dislikes = np.array([[0.0, -3.0, 1.0], [0.0, 1.0, 0.5]]), np.array([[0.0, 0.0, 4.0]])
    assert doubt(likes, dislikes).tolist() == [1, 0.25, 0.2]
    assert doubt(np.empty((0, 2)), np.empty((0, 2))).tolist() == [1, 1]


def test_a_rule_is_the_first_objection(vote: Votes) -> None:
    """It keeps out whatever is liked or disliked."""
    mute = Rule(RuleKind.MUTE, "storyboard")
    votes = vote([*VIDEO[:2], -VIDEO[2]])
    assert find_objection(SHELF, votes, VIDEO[4], rulebook(mute)) == Muted(mute)


def test_an_objection_names_the_dislike_that_costs_most(vote: Votes) -> None:
    """Take it away and the score rises more than for any other dislike; its terms stand in both."""
    signed = [*VIDEO[:2], -MARKET[0], -MARKET[1], -ROBOT[0]]
    objection = find_objection(SHELF, vote(signed), MARKET[5])
    assert isinstance(objection, LikeDisliked)
    without = {
        gone: recommend(SHELF, vote([one for one in signed if one != gone]), candidates([MARKET[5]]), 1)
        for gone in signed[2:]
    }
    assert objection.paper_id == -max(without, key=lambda gone: without[gone][0].score)
    assert objection.terms
    for term in objection.terms:
        assert term in PAPERS[objection.paper_id].text.lower()
        assert term in PAPERS[MARKET[5]].text.lower()


def test_what_no_like_speaks_for_is_unlike_all_that_was_liked(vote: Votes) -> None:
    """Where no dislike resembles it either."""
    votes = vote([*VIDEO[:2], -ROBOT[0]])
    assert find_objection(SHELF, votes, MARKET[5]) == UnlikeLiked()


def test_nothing_may_have_spoken_against_a_paper(vote: Votes) -> None:
    """What a like speaks for was only not the best; without likes nothing is said of taste."""
    assert find_objection(SHELF, vote(VIDEO[:2]), VIDEO[5]) is None
    assert find_objection(SHELF, [], VIDEO[5]) is None

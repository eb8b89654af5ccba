from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.objections import LikeDisliked, Muted, UnlikeLiked
from recommender.recommend import recommend
from recommender.rules import Rule, Rulebook, RuleKind
from recommender.shares import MAX_SHARES, Disliked, Explanation, Liked, Popularity, explain
from recommender.shelf import Shelf
from recommender.values import Candidate, Paper, Vote
from recommender.wishes import Wishes

Votes = Callable[..., list[Vote]]
Shelve = Callable[[dict[int, str]], Shelf]

WORDS = ["video", "diffusion", "protein", "folding", "robot", "grasping", "models", "heat"]
FOLLOW = Rule(RuleKind.FOLLOW, "Ada Byron")
PAPERS = {1: Paper(title="Video diffusion", authors=("Ada Byron",)), 2: Paper(title="Video again")}


def wishes(*rules: Rule) -> Wishes:
    return Wishes(Rulebook.of(rules, PAPERS), recent=[Candidate(paper_id) for paper_id in range(1, 9)])


def sources(explanation: Explanation) -> list[object]:
    return [share.source for share in explanation.shares]


def liked(explanation: Explanation) -> list[int]:
    return [source.paper_id for source in sources(explanation) if isinstance(source, Liked)]


def test_likes_and_popularity_have_their_shares(shelf: Shelf, vote: Votes) -> None:
    """Both papers of the subject are named with shared terms, and so is the fame; other subjects are not."""
    found = explain(shelf, vote([2, 3, 5]), Candidate(1, upvotes=50))
    assert set(liked(found)) == {2, 3}
    assert all("video" in " ".join(share.source.terms) for share in found.shares[:2])
    assert Popularity() in sources(found)
    assert found.objection is None


def test_a_dislike_speaks_against(shelf: Shelf, vote: Votes) -> None:
    """Its share is below zero, and it is the objection too."""
    found = explain(shelf, vote([-2, 5]), Candidate(1))
    (against,) = [share for share in found.shares if isinstance(share.source, Disliked)]
    assert against.part < 0
    assert isinstance(found.objection, LikeDisliked)
    assert found.objection.paper_id == against.source.paper_id == 2


def test_a_rule_has_its_share(shelf: Shelf, vote: Votes) -> None:
    """A followed author counts beside the likes, and alone before there is any."""
    assert FOLLOW in sources(explain(shelf, vote([2]), Candidate(1), wishes(FOLLOW)))
    (alone,) = explain(shelf, [], Candidate(1), wishes(FOLLOW)).shares
    assert (alone.source, alone.part) == (FOLLOW, pytest.approx(1))


def test_a_muted_paper_says_so(shelf: Shelf, vote: Votes) -> None:
    """The mute is the objection; what its likes would have said is told as well."""
    mute = Rule(RuleKind.MUTE, "video")
    found = explain(shelf, vote([2]), Candidate(1), wishes(mute))
    assert found.objection == Muted(mute)
    assert liked(found) == [2]


def test_a_paper_unlike_all_has_no_like_named(shelf: Shelf, vote: Votes) -> None:
    found = explain(shelf, vote([5, 6]), Candidate(1))
    assert (liked(found), found.objection) == ([], UnlikeLiked())


def test_a_paper_is_no_reason_for_itself(shelf: Shelf, vote: Votes) -> None:
    """A pick that has been voted on since is explained by the other votes."""
    assert explain(shelf, vote([2, 1]), Candidate(1)) == explain(shelf, vote([2]), Candidate(1))


def test_without_votes_there_is_only_popularity(shelf: Shelf) -> None:
    """And nothing at all for a paper that nobody knows."""
    assert sources(explain(shelf, [], Candidate(1, upvotes=3))) == [Popularity()]
    assert explain(shelf, [], Candidate(1)) == Explanation((), None)


def test_the_reason_is_named_first_where_others_bring_more(shelf: Shelf, vote: Votes) -> None:
    """Four people's votes bring more than one, but the pick hangs on the nearer paper: the two stand even."""
    votes = vote([2, 2, 2, 2, 3])
    (pick,) = recommend(shelf, votes, [Candidate(1)], 1)
    found = explain(shelf, votes, Candidate(1))
    assert pick.reason is not None
    assert liked(found)[0] == pick.reason.paper_id == 3
    assert found.shares[0].part == pytest.approx(found.shares[1].part)


papers = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=2, max_size=9
)
signs = st.lists(
    st.integers(2, 9).flatmap(lambda paper_id: st.sampled_from([paper_id, -paper_id])), max_size=9
)


@given(texts=papers, signed=signs, upvotes=st.integers(0, 99), followed=st.booleans())
@settings(max_examples=100)
def test_shares_are_parts_of_the_score_in_the_order_of_reasons(
    vote: Votes, texts: list[str], signed: list[int], upvotes: int, *, followed: bool
) -> None:
    """At most five, strongest first, sizes of 1 in all at most; the first like is that of the pick."""
    shelf = Shelf.build(dict(enumerate(texts, start=1)))
    asked, votes = Candidate(1, upvotes), vote(signed)
    wanted = wishes(FOLLOW) if followed else replace(wishes(), recent=())
    found = explain(shelf, votes, asked, wanted)
    sizes = [abs(share.part) for share in found.shares]
    assert len(sizes) <= MAX_SHARES
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) <= 1 + 1e-9
    (pick,) = recommend(shelf, votes, [asked], 1)
    assert (pick.reason is None) <= (liked(found) == [])
    if pick.reason and liked(found):
        assert liked(found)[0] == pick.reason.paper_id
    assert all((share.part < 0) == isinstance(share.source, Disliked) for share in found.shares)

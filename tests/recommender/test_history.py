from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from recommender.history import History
from recommender.values import Vote


def test_votes_of_several_people_add_up(vote: Callable[..., list[Vote]]) -> None:
    """Ups and downs on one paper are counted against each other; where they cancel it is on neither side."""
    history = History.of(vote([1, 1, -1, 2, -2, -3, -3, 4, 4]))
    assert dict(zip(history.likes.paper_ids, history.likes.counts, strict=True)) == {4: 2, 1: 1}
    assert dict(zip(history.dislikes.paper_ids, history.dislikes.counts, strict=True)) == {3: 2}
    assert history.voted == {1, 2, 3, 4}


def test_the_newest_vote_tells_how_new_a_paper_is(vote: Callable[..., list[Vote]]) -> None:
    """Papers stand newest first, each at the time of the latest vote on it."""
    assert History.of(vote([1, 2, 3, 1])).likes.paper_ids == (1, 3, 2)


@given(
    st.lists(st.integers(1, 6).flatmap(lambda n: st.sampled_from([n, -n]))), st.randoms(use_true_random=False)
)
def test_the_order_given_is_irrelevant(
    vote: Callable[..., list[Vote]], signed: list[int], random: Random
) -> None:
    """Votes are read by their time, not by their place."""
    votes = vote(signed)
    shuffled = list(votes)
    random.shuffle(shuffled)
    first, second = History.of(votes), History.of(shuffled)
    assert first.likes.paper_ids == second.likes.paper_ids
    assert first.dislikes.paper_ids == second.dislikes.paper_ids


def test_no_votes_are_no_history() -> None:
    """Nobody voted: all sides are empty."""
    history = History.of([])
    assert (history.likes.paper_ids, history.dislikes.paper_ids, history.voted) == ((), (), frozenset())

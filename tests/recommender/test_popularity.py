from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from recommender.popularity import in_trending_order, popularity
from recommender.values import Candidate

candidates = st.builds(
    Candidate,
    paper_id=st.integers(1, 20),
    upvotes=st.integers(0, 3),
    comments=st.integers(0, 2),
    featured=st.none() | st.dates(date(2026, 11, 1), date(2026, 11, 3)),
)


def test_ties_are_broken_by_comments_then_day_then_id() -> None:
    """More upvotes first; then more comments; then the newer day, an unknown one last; then the lower id."""
    monday, tuesday = date(2026, 11, 2), date(2026, 11, 3)
    ordered = in_trending_order(
        [
            Candidate(7, upvotes=5, comments=1),
            Candidate(3, upvotes=5, comments=1, featured=monday),
            Candidate(4, upvotes=5, comments=1, featured=tuesday),
            Candidate(2, upvotes=5, comments=1, featured=monday),
            Candidate(5, upvotes=5, comments=9),
            Candidate(6, upvotes=80),
        ],
    )
    assert [candidate.paper_id for candidate in ordered] == [6, 5, 4, 2, 3, 7]


def test_a_paper_given_twice_is_kept_at_its_better_place() -> None:
    """Of two candidates for one paper the more popular counts."""
    assert in_trending_order([Candidate(1, 2), Candidate(2, 5), Candidate(1, 9)]) == [
        Candidate(1, 9),
        Candidate(2, 5),
    ]


@given(st.lists(candidates), st.randoms(use_true_random=False))
def test_the_order_given_is_irrelevant(given_: list[Candidate], random: Random) -> None:
    """Shuffled candidates come out the same."""
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert in_trending_order(shuffled) == in_trending_order(given_)


def test_popularity_grows_with_upvotes_and_has_a_limit() -> None:
    """None is 0, twenty are a half, and a thousand are still less than 1; a count below zero is none."""
    found = popularity(
        [Candidate(n, upvotes) for n, upvotes in enumerate([-3, 0, 20, 60, 1_000_000])]
    ).tolist()
    assert found[:4] == [0, 0, 0.5, 0.75]
    assert 0.75 < found[4] < 1

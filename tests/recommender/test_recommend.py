from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from recommender.affinity import CHANCE, affinity
from recommender.recommend import recommend
from recommender.shelf import Shelf
from recommender.values import Candidate, Pick, Reason, Slot, Vote

Votes = Callable[..., list[Vote]]
Shelve = Callable[[dict[int, str]], Shelf]
ALL = [Candidate(paper_id) for paper_id in range(1, 9)]


def ids(picks: list[Pick]) -> list[int]:
    return [pick.paper_id for pick in picks]


def test_without_votes_the_order_is_what_is_trending(shelf: Shelf) -> None:
    """Upvotes, comments, the newer day, the lower id; in slot trending, without a reason."""
    monday, tuesday = date(2026, 11, 2), date(2026, 11, 3)
    candidates = [
        Candidate(4, 10, 2, monday),
        Candidate(3, 10, 2, tuesday),
        Candidate(2, 10, 7),
        Candidate(8, 3, 99),
        Candidate(6, 50),
        Candidate(5, 10, 2, monday),
    ]
    picks = recommend(shelf, [], candidates, 6)
    assert ids(picks) == [6, 2, 3, 4, 5, 8]
    assert {(pick.slot, pick.reason) for pick in picks} == {(Slot.TRENDING, None)}


def test_what_is_trending_is_not_rearranged() -> None:
    """Where no taste is known, copies too stand in the plain order of popularity."""
    shelf = Shelf.build({1: "robot grasping", 2: "video diffusion", 3: "video diffusion"})
    assert ids(recommend(shelf, [], [Candidate(1, 8), Candidate(2, 10), Candidate(3, 9)], 2)) == [2, 3]


def test_two_likes_are_followed(shelf: Shelf, vote: Votes) -> None:
    """After two likes of one subject its third paper comes first, whatever is popular, with its reason."""
    first, *_ = recommend(shelf, vote([1, 2]), [Candidate(3), Candidate(7, 500), Candidate(5, 200)], 3)
    assert (first.paper_id, first.slot) == (3, Slot.TASTE)
    assert first.reason is not None
    assert first.reason.paper_id in {1, 2}
    assert "video diffusion" in first.reason.terms


@pytest.mark.parametrize(("likes", "third"), [([1, 2], 3), ([4, 5], 6), ([6, 4], 5), ([3, 1], 2)])
def test_two_likes_are_followed_on_a_small_shelf(
    small_shelf: Shelf, vote: Votes, likes: list[int], third: int
) -> None:
    """Of eight papers in all, the one of the liked subject comes first, whatever is popular."""
    popular = [Candidate(id_, 0 if id_ == third else 500) for id_ in range(1, 9)]
    assert ids(recommend(small_shelf, vote(likes), popular, 1)) == [third]


def test_two_interests_both_find_their_papers(shelf: Shelf, vote: Votes) -> None:
    """A reader of two subjects is brought both."""
    picks = recommend(shelf, vote([1, 4]), ALL, 3)
    assert {2, 3} & set(ids(picks))
    assert {5, 6} & set(ids(picks))


def test_a_dislike_lowers_what_resembles_it(shelf: Shelf, vote: Votes) -> None:
    """With only down votes the trending order stands, but what resembles the disliked sinks."""
    popular = [Candidate(2, 60), Candidate(7, 55), Candidate(5, 50)]
    assert ids(recommend(shelf, [], popular, 3)) == [2, 7, 5]
    picks = recommend(shelf, vote([-1]), popular, 3)
    assert ids(picks) == [7, 5, 2]
    assert {(pick.slot, pick.reason) for pick in picks} == {(Slot.TRENDING, None)}


def test_a_dislike_counts_against_a_like(shelf: Shelf, vote: Votes) -> None:
    """Of two papers that resemble the likes alike, the one that resembles the dislike is lower."""
    liked = recommend(shelf, vote([1, 4]), [Candidate(3), Candidate(5)], 2)
    torn = recommend(shelf, vote([1, 4, -2]), [Candidate(3), Candidate(5)], 2)
    assert set(ids(liked)) == {3, 5}
    assert ids(torn) == [5, 3]


def test_many_dislikes_do_not_drown_a_few_likes(shelf: Shelf, vote: Votes) -> None:
    """A reader who thumbs down most of what comes is still brought what they like."""
    assert (
        recommend(shelf, vote([-4, -5, -6, -7, -8, 1]), [Candidate(2), Candidate(99, 90)], 1)[0].paper_id == 2
    )


def test_a_like_taken_by_another_person_is_no_like(shelf: Shelf, vote: Votes) -> None:
    """Up and down on one paper cancel out: no taste is known, and the paper is not shown again."""
    picks = recommend(shelf, vote([1, -1]), ALL, 9)
    assert 1 not in ids(picks)
    assert {pick.slot for pick in picks} == {Slot.TRENDING}


def test_more_people_weigh_more(shelf: Shelf, vote: Votes) -> None:
    """What three like in a chat leads before what one likes."""
    assert recommend(shelf, vote([4, 4, 4, 1]), [Candidate(2), Candidate(5)], 1)[0].paper_id == 5
    assert recommend(shelf, vote([4, 1, 1, 1]), [Candidate(2), Candidate(5)], 1)[0].paper_id == 2


def test_a_pick_that_no_like_speaks_for_says_so(shelf: Shelf, vote: Votes) -> None:
    """A paper that is like no like is trending, without a made-up reason."""
    second = recommend(shelf, vote([1]), [Candidate(2), Candidate(7)], 2)[1]
    assert (second.paper_id, second.slot, second.reason) == (7, Slot.TRENDING, None)


def test_likes_that_are_not_on_the_shelf_still_give_an_order(shelf: Shelf, vote: Votes) -> None:
    """Votes and candidates unknown to the shelf count as texts without a word."""
    picks = recommend(shelf, vote([777, -778]), [Candidate(2, 5), Candidate(99, 9)], 2)
    assert ids(picks) == [99, 2]
    assert {pick.slot for pick in picks} == {Slot.TRENDING}


def test_one_of_two_copies_gives_way(shelve: Shelve, vote: Votes) -> None:
    """The same paper under two ids does not fill a digest where another is nearly as near to the like."""
    copy = "Video diffusion of noise"
    shelf = shelve(
        {1: "Video diffusion of faces and cameras", 2: copy, 3: copy, 4: "Video diffusion of heavy rain"}
    )
    picks = recommend(shelf, vote([1]), [Candidate(2), Candidate(3), Candidate(4)], 2)
    assert ids(picks) == [2, 4]
    assert picks[0].score > picks[1].score


@pytest.mark.parametrize("n", [0, -1])
def test_no_picks_are_asked_for(shelf: Shelf, n: int) -> None:
    """Zero and less give nothing."""
    assert recommend(shelf, [], ALL, n) == []


def test_nothing_to_pick_from(shelf: Shelf, vote: Votes) -> None:
    """No candidates, or only such as were voted on, give nothing."""
    assert recommend(shelf, [], [], 3) == []
    assert recommend(shelf, vote([1, -2]), [Candidate(1), Candidate(2)], 3) == []


def test_an_empty_shelf_still_knows_what_is_trending(vote: Votes) -> None:
    """Before anything is fitted the order is trending, likes or not."""
    assert ids(recommend(Shelf.build({}), vote([1]), [Candidate(2, 1), Candidate(3, 2)], 2)) == [3, 2]


def test_papers_without_words_do_no_harm(vote: Votes) -> None:
    """Empty texts, stop words and signs are ranked by popularity below what is liked."""
    shelf = Shelf.build({1: "video diffusion", 2: "", 3: "the of", 4: "?!", 5: "video diffusion again"})
    candidates = [Candidate(2, 1), Candidate(3, 3), Candidate(4, 2), Candidate(5)]
    assert ids(recommend(shelf, vote([1]), candidates, 4)) == [5, 3, 4, 2]


def test_the_reason_of_a_copy_names_what_was_copied(shelve: Shelve, vote: Votes) -> None:
    """The nearest like is the reason, with its words."""
    shelf = shelve({1: "robot grasping of towels", 2: "video diffusion", 3: "robot grasping of towels"})
    pick = recommend(shelf, vote([1, 2]), [Candidate(3)], 1)[0]
    assert pick.reason == Reason(1, ("robot grasping", "towels"))


@pytest.fixture(scope="module")
def barely_alike(shelve: Shelve) -> Shelf:
    """Papers 1 and 2 share two words of forty, 4 is like 1."""
    boats, bees = (" of ".join(f"{kind}{n}" for n in range(40)) for kind in ("boat", "bee"))
    harbours = " of ".join(f"harbour{n}" for n in range(2))
    return shelve(
        {1: f"{boats} of {harbours}", 2: f"{bees} of {harbours}", 3: "nothing of all that", 4: boats}
    )


def test_a_chance_resemblance_is_no_reason(barely_alike: Shelf, vote: Votes) -> None:
    """Two texts that share a word in twenty are a little alike, no more than by chance."""
    boats, bees = barely_alike.vectors_of([1]), barely_alike.vectors_of([2])
    assert 0 < affinity(boats, bees)[0, 0] < CHANCE
    (pick,) = recommend(barely_alike, vote([1]), [Candidate(2)], 1)
    assert (pick.slot, pick.reason) == (Slot.TRENDING, None)


def test_a_chance_resemblance_to_a_dislike_does_not_overturn_the_trend(
    barely_alike: Shelf, vote: Votes
) -> None:
    """Only what is like the disliked paper sinks; the rest keeps its order."""
    picks = recommend(barely_alike, vote([-1]), [Candidate(2, 21), Candidate(3, 20), Candidate(4, 90)], 3)
    assert ids(picks) == [2, 3, 4]


def test_a_space_of_one_paper_ranks_others(vote: Callable[..., list[Vote]]) -> None:
    """The first paper of a young bot is its whole background, and scores are still numbers."""
    one, two, three = np.eye(3, dtype=np.float32)
    shelf = Shelf.build({1: "video"}, {1: one}).extended({2: "soil", 3: "speech"}, {2: two, 3: three})
    picks = recommend(shelf, vote([2]), [Candidate(1), Candidate(3)], 2)
    assert all(np.isfinite(pick.score) for pick in picks)

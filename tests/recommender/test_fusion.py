from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.fusion import K, fuse

rankings = st.lists(st.integers(0, 9), max_size=10)


def test_two_rankings_by_hand() -> None:
    """With k = 60: 3 has 1/61 + 1/62, 1 has 1/61, and 2 has 1/62."""
    assert fuse([1, 2], [3], [4, 3]) == [3, 1, 4, 2]


def test_what_both_find_comes_before_what_one_finds_first() -> None:
    """Twice the second place is more than once the first."""
    assert fuse([1, 5], [2, 5])[0] == 5


def test_a_small_k_lets_the_first_place_stand_out() -> None:
    """With k = 0 a first place outweighs two third ones."""
    assert fuse([1, 8, 5], [2, 9, 5], k=0)[:2] == [1, 2]
    assert fuse([1, 8, 5], [2, 9, 5], k=K)[0] == 5


def test_equals_come_as_they_are_met() -> None:
    """The first ranking is heard first."""
    assert fuse([7], [3], [5]) == [7, 3, 5]


def test_a_paper_that_stands_twice_counts_at_its_better_place() -> None:
    """A ranking that repeats itself says nothing more."""
    assert fuse([1, 2, 1, 1], [2]) == fuse([1, 2], [2])


@pytest.mark.parametrize("nothing", [(), ([],), ([], [])])
def test_nothing_gives_nothing(nothing: tuple[list[int], ...]) -> None:
    assert fuse(*nothing) == []


@given(rankings)
def test_one_ranking_stays_as_it_is(ranking: list[int]) -> None:
    """Alone, beside itself or beside nothing a ranking keeps its order, each paper once."""
    once = list(dict.fromkeys(ranking))
    assert fuse(ranking) == fuse(ranking, ranking) == fuse([], ranking) == once


@given(st.lists(rankings, max_size=4))
def test_every_paper_is_there_once(several: list[list[int]]) -> None:
    """Fusing neither loses nor repeats a paper."""
    fused = fuse(*several)
    assert sorted(fused) == sorted({paper_id for ranking in several for paper_id in ranking})

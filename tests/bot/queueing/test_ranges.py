"""How those who are due are cut into jobs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.queueing.ranges import Range, cut

CHATS = st.integers(-60, 60)
DUE = st.sets(CHATS).map(sorted)
TAKEN = st.lists(st.tuples(CHATS, CHATS).map(lambda ends: Range(min(ends), max(ends))))


def holds(range_: Range, chat_id: int) -> bool:
    return range_.first <= chat_id <= range_.last


@given(due=DUE, taken=TAKEN, most=st.integers(1, 20))
def test_each_who_is_due_is_in_one_range_and_no_two_meet(
    *, due: list[int], taken: list[Range], most: int
) -> None:
    """Those in a range that is taken are left to it, and no new one reaches into one that is."""
    ranges = cut(np.array(due, dtype=np.int64), taken, most)
    for chat_id in due:
        is_taken = any(holds(range_, chat_id) for range_ in taken)
        assert sum(holds(range_, chat_id) for range_ in ranges) == (not is_taken)
    for chat_id in range(-60, 61):
        assert sum(holds(range_, chat_id) for range_ in ranges) <= 1
        assert not any(holds(new, chat_id) and holds(old, chat_id) for new in ranges for old in taken)


@given(due=DUE, most=st.integers(1, 20))
def test_ranges_are_about_as_great_as_each_other(*, due: list[int], most: int) -> None:
    """No worker is left with a last great one while the others have nothing to do."""
    sizes = [
        sum(holds(range_, chat_id) for chat_id in due)
        for range_ in cut(np.array(due, dtype=np.int64), [], most)
    ]
    assert sum(sizes) == len(due)
    assert len(sizes) == -(-len(due) // most)
    assert not sizes or max(sizes) - min(sizes) <= 1

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.placing import Box, find_room

FRAME = Box(0, 0, 360, 240)
POINTS = st.tuples(st.floats(0, 360), st.floats(0, 240))
SIZES = st.tuples(st.floats(1, 200), st.floats(1, 40))


@given(st.lists(st.tuples(POINTS, SIZES), max_size=8), st.lists(POINTS, max_size=20))
def test_labels_never_overlap_and_stay_in_the_frame(
    wanted: list[tuple[tuple[float, float], tuple[float, float]]], dots: list[tuple[float, float]]
) -> None:
    """However crowded the map: a label that would cover another, or leave the map, finds no room."""
    taken: list[Box] = []
    for anchor, size in wanted:
        box = find_room(anchor, size, taken, dots, FRAME)
        if box:
            assert box.is_within(FRAME)
            assert not any(map(box.meets, taken))
            taken.append(box)


def test_a_label_would_rather_cover_no_dot() -> None:
    """With dots on its right, a label goes to the left."""
    box = find_room((180, 120), (60, 12), [], [(200, 120), (220, 120)], FRAME)
    assert box
    assert box.right < 180


def test_where_there_is_no_room_there_is_no_label() -> None:
    """A label that is wider than the map is left out."""
    assert find_room((180, 120), (400, 12), [], [], FRAME) is None

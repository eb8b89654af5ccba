from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st
from taste_record import RECORD

from bot.messages.language import ENGLISH
from bot.messages.markup import utf16_length
from bot.messages.stats import set_scene, write_caption
from bot.playground.formatting import formatted_caption
from recommender.atlas import MOST_GROUPS, Atlas, Group
from recommender.values import Slot
from storage.tallies import Showing

CAPTION = """\
<b>You like 3 papers</b>

On the map, what is alike stands close together. Most of your likes are about:
• video diffusion, camera: 2 papers

Since 7 Nov 2026 you gave 3 👍 and 1 👎.

This is how many you liked of what I brought you. \
The fewer there were, the longer the pale line in the picture: the true share may be anywhere on it.
• By your taste: 3 of 5
• Trending: 0 of 2"""


def test_the_caption_tells_the_picture_in_words() -> None:
    """Whoever cannot see it reads the groups, the thumbs and the shares; a slot without picks is left out."""
    assert write_caption(ENGLISH, RECORD) == CAPTION


def test_what_is_not_known_is_not_told() -> None:
    """Without groups and picks the caption has neither, and a picture that failed is excused."""
    bare = replace(RECORD, liked=1, atlas=Atlas(), showings=dict.fromkeys(Slot, Showing()))
    assert write_caption(ENGLISH, bare) == (
        "<b>You like 1 paper</b>\n\nSince 7 Nov 2026 you gave 3 👍 and 1 👎."
    )
    assert "could not be drawn" in write_caption(ENGLISH, bare, drawn=False)


def test_the_scene_shows_each_paper_in_its_group() -> None:
    """Dots follow the atlas, and what is in no group is marked so."""
    scene = set_scene(ENGLISH, RECORD)
    assert [(dot.liked, dot.group) for dot in scene.dots] == [
        (True, 0),
        (True, 0),
        (True, None),
        (False, None),
    ]
    assert scene.groups == (("video diffusion", "camera"),)
    assert [bar.ups for bar in scene.bars] == [2, *[0] * 12, 1]


def test_small_numbers_are_shown_as_such() -> None:
    """A share stands with its counts, and with an interval that is wide where they are few."""
    scene = set_scene(ENGLISH, RECORD)
    assert scene.labels.counts == ("3 of 5", "0 of 2")
    assert [share.value for share in scene.shares] == [0.6, 0.0]
    assert all(share.high - share.low > 0.5 for share in scene.shares)


def test_the_last_span_is_named_and_every_third_before_it() -> None:
    """Dates are wider than bars, and days are told apart from weeks."""
    labels = set_scene(ENGLISH, RECORD).labels
    assert [name for name in labels.spans if name] == ["8 Nov", "11 Nov", "14 Nov", "17 Nov", "20 Nov"]
    assert labels.spans[-1] == "20 Nov"
    assert labels.votes_title == "Your thumbs, by day"
    assert set_scene(ENGLISH, replace(RECORD, weekly=True)).labels.votes_title == "Your thumbs, by week"


@example(["x" * 400, "y" * 400, "&" * 400])
@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_caption_is_taken_by_telegram(terms: list[str]) -> None:
    """Terms are escaped and cut, so that a caption is valid and has at most 1024 characters."""
    groups = tuple(Group(tuple(range(999)), tuple(terms)) for _ in range(MOST_GROUPS))
    showings = dict.fromkeys(Slot, Showing(10**6, 10**6))
    record = replace(RECORD, atlas=Atlas((), groups), liked=10**6, showings=showings)
    for drawn in (True, False):
        formatted = formatted_caption(write_caption(ENGLISH, record, drawn=drawn), "HTML", "")
        assert utf16_length(formatted.text) <= 1024

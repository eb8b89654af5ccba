from __future__ import annotations

from math import dist, isfinite
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.atlas import MOST_GROUPS, MOST_LIKED, MOST_RECENT, Atlas, chart
from recommender.shelf import Shelf

VIDEO, PROTEIN, ROBOT = [1, 2, 3], [4, 5, 6], [7, 8]
RECENT = range(100, 140)


def place_of(atlas: Atlas) -> dict[int, tuple[float, float]]:
    return {place.paper_id: (place.x, place.y) for place in atlas.places}


def test_papers_of_one_subject_stand_together(shelf: Shelf) -> None:
    """Each paper on proteins is nearer to another of them than to any liked paper of another subject."""
    places = place_of(chart(shelf, [*VIDEO, *PROTEIN, *ROBOT], RECENT))
    for one in PROTEIN:
        kin = min(dist(places[one], places[other]) for other in PROTEIN if other != one)
        assert kin < min(dist(places[one], places[other]) for other in [*VIDEO, *ROBOT])


def test_groups_are_liked_papers_of_one_subject_named_by_their_terms(shelf: Shelf) -> None:
    """The largest group comes first, and a term names it that its papers share and others lack."""
    groups = chart(shelf, [*VIDEO, 4, 5], RECENT).groups
    assert len(groups[0].paper_ids) > 1
    assert set(groups[0].paper_ids) <= set(VIDEO)
    assert "video" in " ".join(groups[0].terms)
    assert all("protein" not in term for term in groups[0].terms)


def test_no_two_groups_are_named_after_one_subject() -> None:
    """Papers that share but their subject's name are one group, however little else they share."""
    words = [f"{letter}{number}word" for letter in "abcdefgh" for number in range(30)]
    others = {100 + n: " ".join(words[n : n + 20]) for n in range(0, 200, 5)}
    on_robots = {n: f"Robots. {' '.join(words[n * 25 : n * 25 + 20])} robots robots" for n in range(1, 6)}
    groups = chart(Shelf.build(others | on_robots), on_robots, others).groups
    leading = [group.terms[0] for group in groups]
    assert len(leading) == len(set(leading))
    assert max(len(group.paper_ids) for group in groups) > 1


def test_only_liked_papers_are_grouped(shelf: Shelf) -> None:
    """Recent papers are on the map and in no group; one that is liked as well is liked."""
    atlas = chart(shelf, [1, 100], [1, 4, 5, 100])
    assert [(place.paper_id, place.liked) for place in atlas.places] == [
        (1, True),
        (4, False),
        (5, False),
        (100, True),
    ]
    assert {id_ for group in atlas.groups for id_ in group.paper_ids} <= {1, 100}


@settings(max_examples=10)
@given(st.lists(st.integers(1, 8), max_size=8), st.lists(st.integers(100, 139), max_size=12), st.randoms())
def test_a_map_is_finite_and_one_of_a_set(
    shelf: Shelf, liked: list[int], recent: list[int], random: Random
) -> None:
    """Whatever the papers, all are placed within the map; order and repetition of the ids change nothing."""
    atlas = chart(shelf, liked, recent)
    assert [place.paper_id for place in atlas.places] == sorted({*liked, *recent})
    for place in atlas.places:
        assert isfinite(place.x)
        assert isfinite(place.y)
        assert max(abs(place.x), abs(place.y)) <= 1.000001
    turned = [*liked, *liked]
    random.shuffle(turned)
    assert chart(shelf, turned, recent[::-1]) == atlas


@pytest.mark.parametrize("liked", [[], [1], [1, 4], [1, 2, 4]])
def test_a_few_papers_make_a_map(shelf: Shelf, liked: list[int]) -> None:
    """None, one, two and three papers are placed, and different ones apart."""
    places = place_of(chart(shelf, liked, []))
    assert list(places) == liked
    assert len(set(places.values())) == len(liked)


def test_the_same_text_twice_stands_in_one_place(background: dict[int, str]) -> None:
    """Papers that are equal are neither lost nor torn apart."""
    same = dict.fromkeys((1, 2, 3), "Video diffusion steers the camera of generated video.")
    atlas = chart(Shelf.build(same | background), same, list(background)[:20])
    assert [group.paper_ids for group in atlas.groups] == [(1, 2, 3)]
    places = place_of(atlas)
    assert dist(places[1], places[2]) < 0.1


def test_papers_of_which_nothing_is_known_have_no_place(background: dict[int, str]) -> None:
    """A paper that is not here, or has no word that is known, is left out; so are all on an empty shelf."""
    shelf = Shelf.build(background | {1: "Video graphs of note100."}).extended({2: "Xyzzy."})
    assert list(place_of(chart(shelf, [1, 2, 999], []))) == [1]
    assert chart(Shelf.build({}), [1, 2], [3]) == Atlas()
    assert chart(Shelf.build(dict.fromkeys(range(9), "the same words")), range(9), []) == Atlas()


def test_the_map_of_tomorrow_is_known_again(shelf: Shelf) -> None:
    """A tenth of the recent papers change and one like comes: what is on both maps stands where it stood."""
    today = place_of(chart(shelf, [*VIDEO, *PROTEIN], range(100, 136)))
    tomorrow = place_of(chart(shelf, [*VIDEO, *PROTEIN, 7], range(104, 140)))
    both = sorted(today.keys() & tomorrow.keys())
    for axis in (0, 1):
        then, now = ([places[id_][axis] for id_ in both] for places in (today, tomorrow))
        assert np.corrcoef(then, now)[0, 1] > 0.8


def test_the_axes_are_never_turned_round(background: dict[int, str]) -> None:
    """However a model's directions lie, and whichever sign the solver finds, the map has one way round."""
    draw = np.random.default_rng(0)
    for _ in range(8):
        turn = np.linalg.qr(draw.normal(size=(4, 4)))[0]
        told = (draw.normal(size=(40, 4)) * (9, 3, 1, 1)) @ turn.T
        meanings = dict(zip(background, told.astype(np.float32), strict=True))
        places = place_of(chart(Shelf.build(background, meanings), list(background)[:5], []))
        main = turn[:, 0] * np.sign((turn[:, 0] ** 3).sum())
        ahead = [float(meanings[id_] @ main) for id_ in places]
        assert np.corrcoef([x for x, _ in places.values()], ahead)[0, 1] > 0.5


def test_a_map_holds_the_latest_of_too_many(background: dict[int, str]) -> None:
    """Of each kind the papers that came last are taken, and there are never too many groups to name."""
    many = {n: f"{text} Copy{n}." for n, text in enumerate([*background.values()] * 12, start=1)}
    atlas = chart(Shelf.build(many), range(1, 201), range(201, len(many)))
    liked = [place.paper_id for place in atlas.places if place.liked]
    assert (liked[0], len(liked)) == (201 - MOST_LIKED, MOST_LIKED)
    assert len(atlas.places) == MOST_LIKED + MOST_RECENT
    assert len(atlas.groups) <= MOST_GROUPS

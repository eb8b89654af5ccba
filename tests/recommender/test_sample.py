"""The sample dump that a newcomer meets first: it must show at once that likes are followed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from recommender.affinity import CHANCE, affinity
from recommender.features import FeatureSpace
from recommender.recommend import recommend
from recommender.shelf import Shelf
from recommender.values import Candidate, Vote

SAMPLE = Path(__file__).parents[2] / "bot/polling/sample.json"
THEMES = {
    "video diffusion": (10, 21, 36, 46, 55),
    "proteins": (9, 24, 25, 45, 52),
    "robot grasping": (3, 13, 27, 47, 59),
    "reinforcement learning": (11, 16, 35, 38, 51),
    "language model agents": (2, 17, 33, 42, 56),
    "retrieval": (4, 23, 26, 39, 60),
    "speech": (8, 19, 31, 48, 49),
    "weather": (1, 18, 30, 43, 50),
    "medical imaging": (12, 15, 29, 40, 57),
    "quantum computing": (6, 22, 28, 37, 58),
    "graphs": (7, 14, 34, 41, 53),
    "safety of AI": (5, 20, 32, 44, 54),
}
MOST_BYTES = 120_000


@pytest.fixture(scope="module")
def entries() -> dict[int, dict[str, Any]]:
    """The sample by the number in each id."""
    listed = json.loads(SAMPLE.read_text("utf-8"))
    return {int(entry["paper"]["id"].removeprefix("sample-")): entry for entry in listed}


@pytest.fixture(scope="module")
def sampled(entries: dict[int, dict[str, Any]]) -> Shelf:
    return Shelf.build({id_: f"{e['paper']['title']}. {e['paper']['summary']}" for id_, e in entries.items()})


@pytest.fixture(scope="module")
def offered(entries: dict[int, dict[str, Any]]) -> list[Candidate]:
    return [Candidate(id_, e["paper"]["upvotes"], e["numComments"]) for id_, e in entries.items()]


def test_nobody_can_take_a_sample_for_a_paper(entries: dict[int, dict[str, Any]]) -> None:
    """Every id and every abstract says what it is."""
    assert sorted(entries) == list(range(1, 61))
    assert all(entry["paper"]["id"].startswith("sample-") for entry in entries.values())
    opening = "Sample paper, invented for Paperboy. "
    assert all(entry["paper"]["summary"].startswith(opening) for entry in entries.values())


def test_the_sample_is_shaped_like_the_daily_list(entries: dict[int, dict[str, Any]]) -> None:
    """What the daily-papers list always has is there, abstracts are of usual length, titles differ."""
    for entry in entries.values():
        paper = entry["paper"]
        assert entry["title"] == paper["title"]
        assert 90 <= len(paper["summary"].split()) <= 160
        assert datetime.fromisoformat(paper["publishedAt"]).strftime("%Y-%m") == "2026-11"
        assert 3 <= paper["upvotes"] <= 180
        assert paper["ai_summary"]
        assert len(paper["ai_keywords"]) >= 3
        assert all(author["name"] for author in paper["authors"])
    assert len({entry["title"] for entry in entries.values()}) == len(entries)
    assert SAMPLE.stat().st_size <= MOST_BYTES


def test_what_is_trending_is_varied(sampled: Shelf, offered: list[Candidate]) -> None:
    """The first nine papers that a newcomer is shown are of nine themes."""
    shown = [pick.paper_id for pick in recommend(sampled, [], offered, 9)]
    assert len({name for name, ids in THEMES.items() for id_ in shown if id_ in ids}) == 9


@pytest.mark.parametrize("theme", THEMES)
def test_two_likes_bring_the_rest_of_their_theme(
    sampled: Shelf,
    offered: list[Candidate],
    vote: Callable[..., list[Vote]],
    theme: str,
) -> None:
    """Like any two papers of a theme, in any order: the next three picks are its others, with reasons."""
    for liked in permutations(THEMES[theme], 2):
        picks = recommend(sampled, vote(liked), offered, 3)
        assert {pick.paper_id for pick in picks} == set(THEMES[theme]) - set(liked)
        assert all(pick.reason and pick.reason.paper_id in liked and pick.reason.terms for pick in picks)


def test_a_text_that_tells_next_to_nothing_is_like_nothing() -> None:
    """In a small corpus of two subjects, a word that stands in every text is no resemblance beyond chance."""
    sample = {int(one["paper"]["id"][7:]): one["paper"] for one in json.loads(SAMPLE.read_text("utf-8"))}
    ids = THEMES["video diffusion"] + THEMES["proteins"]
    texts = [f"{sample[id_]['title']}. {sample[id_]['summary']}" for id_ in ids]
    space = FeatureSpace.fit(texts)
    assert affinity(space.transform(["paperboy"]), space.transform(texts)).max() < CHANCE

"""Builders of votes, and of shelves on which three plain subjects stand among others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from recommender.shelf import Shelf
from recommender.values import Vote

FIRST_VOTE = datetime(2026, 11, 9, 8, tzinfo=UTC)

TEXTS = {
    1: "Video diffusion with motion budgets. Video diffusion models keep faces steady in generated video.",
    2: "Sparse denoising for video diffusion. Neighbouring frames of a video share their noise.",
    3: "Storyboards for video diffusion. A drawn storyboard steers the camera of generated video.",
    4: "Protein folding on a laptop. Fragments of an amino acid sequence predict protein structure.",
    5: "Designing protein binders. Inverse protein folding designs an amino acid sequence for a backbone.",
    6: "Protein structure and temperature. Protein embeddings know at which heat folding is undone.",
    7: "Robot grasping of wet towels. A soft gripper feels whether a robot should pinch or scoop.",
    8: "Grasp twice with one robot gripper. A missed robot grasp tells where the weight of a tool is.",
}
OTHERS = [
    "audits",
    "auctions",
    "enzymes",
    "galaxies",
    "graphs",
    "poetry",
    "qubits",
    "soil",
    "speech",
    "traffic",
]


@pytest.fixture(scope="session")
def background() -> dict[int, str]:
    """Four papers on each of ten other subjects, for only a corpus of some size tells what is rare."""
    numbered = enumerate(OTHERS * 4, start=100)
    return {n: f"{name} of note{n}. A place{n} for {name} in part{n}, by means{n}." for n, name in numbered}


@pytest.fixture(scope="session")
def shelve(background: dict[int, str]) -> Callable[[dict[int, str]], Shelf]:
    """Build a shelf of papers among those of other subjects."""
    return lambda papers: Shelf.build(papers | background)


@pytest.fixture(scope="session")
def shelf(shelve: Callable[[dict[int, str]], Shelf]) -> Shelf:
    return shelve(TEXTS)


@pytest.fixture(scope="session")
def small_shelf() -> Shelf:
    """Build a shelf of three subjects and nothing else."""
    return Shelf.build(TEXTS)


@pytest.fixture(scope="session")
def vote() -> Callable[..., list[Vote]]:
    """Make votes in time order: ups and downs by paper id, negative for down."""

    def make(signed: Iterable[int]) -> list[Vote]:
        return [Vote(abs(id_), id_ > 0, FIRST_VOTE + timedelta(hours=age)) for age, id_ in enumerate(signed)]

    return make

"""Builders of votes and of a small shelf with three plain subjects."""

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


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return Shelf.build(TEXTS)


@pytest.fixture(scope="session")
def vote() -> Callable[..., list[Vote]]:
    """Make votes in time order: ups and downs by paper id, negative for down."""

    def make(signed: Iterable[int]) -> list[Vote]:
        return [Vote(abs(id_), id_ > 0, FIRST_VOTE + timedelta(hours=age)) for age, id_ in enumerate(signed)]

    return make

"""The rows of interests: kept within bounds, in the space of the papers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ranking.meanings import Meanings
from bot.ranking.stated_shelf import StatedShelf
from recommender.first_history import state, state_paper
from recommender.interests import read_interests
from recommender.shelf import Shelf
from storage.database import Database

PAPERS = Shelf.build({n: f"paper{n} on ships with keel{n % 3}" for n in range(1, 9)})
INTERESTS = [state_paper(f"keel{n % 3} of interest{n}") for n in range(6)]


@pytest.fixture
async def meanings(tmp_path: Path) -> AsyncIterator[Meanings]:
    database = Database(f"sqlite:///{tmp_path / 'paperboy.db'}")
    await database.open()
    yield Meanings(database, lambda: None)
    await database.close()


async def test_a_small_shelf_holds_what_was_asked_for(meanings: Meanings) -> None:
    """The papers named and the interests given, no others, whatever was asked before."""
    stated = StatedShelf(meanings)
    await stated.beside(PAPERS, [1], INTERESTS[:4])
    shelf = await stated.beside(PAPERS, [2, 3, 999], INTERESTS[3:5])
    assert set(shelf.rows) == {2, 3, INTERESTS[3].id, INTERESTS[4].id}


@pytest.mark.parametrize(("most_kept", "made_anew"), [(2, True), (99, False)])
async def test_no_more_is_kept_than_may_be(meanings: Meanings, most_kept: int, *, made_anew: bool) -> None:
    """Beyond the bound all is given, but a phrase of before is made anew, beside the papers of now."""
    (phrase,) = said = state(read_interests("keel1"))
    grown = PAPERS.extended(dict.fromkeys(range(50, 60), "keel1 and ships, keel1 and paper3"))
    stated = StatedShelf(meanings, most_kept)
    before = await stated.beside(PAPERS, [], said)
    assert len(await stated.beside(PAPERS, [], INTERESTS)) == len(INTERESTS)
    after = await stated.beside(grown, [], said)
    rows = [shelf.vectors_of([phrase.id]).dense.tolist() for shelf in (before, after)]
    assert (rows[0] != rows[1]) == made_anew


async def test_rows_follow_the_space(meanings: Meanings) -> None:
    """In another space each interest is read anew."""
    stated = StatedShelf(meanings)
    other = Shelf.build({1: "interest0 alone", 2: "interest0 again", 3: "something else"})
    for papers in (PAPERS, other, PAPERS):
        assert (await stated.beside(papers, [1], INTERESTS)).space is papers.space

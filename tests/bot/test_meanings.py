"""Questions to the model: it stays in memory between them, and goes once they cease."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pytest

from bot.ranking.meanings import Meanings
from bot.ranking.model_files import ModelError
from storage.database import Database


class Counting:
    """A model that tells how long a text is."""

    fingerprint = "counting"
    dims = 2

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[1, len(text)] for text in texts], dtype=np.float32)


class Shop:
    """Loads a new model each time, and knows which are still in use."""

    def __init__(self) -> None:
        self.loaded: list[weakref.ref[Counting]] = []

    def load(self) -> Counting:
        model = Counting()
        self.loaded.append(weakref.ref(model))
        return model

    @property
    def in_use(self) -> int:
        return sum(model() is not None for model in self.loaded)


async def test_a_question_is_read_and_not_kept(database: Database) -> None:
    """Its vector is given; the database holds nothing of it."""
    meanings = Meanings(database, Shop().load)
    answer = await meanings.ask("ships")
    assert answer is not None
    assert answer.tolist() == [1, 5]
    assert await meanings.known({1: "ships"}) == {}


async def test_the_model_stays_for_the_next_question_and_then_goes(database: Database) -> None:
    """One model serves questions in a row, and papers that are read meanwhile; idle, it is let go of."""
    shop = Shop()
    meanings = Meanings(database, shop.load, warm_for=timedelta(seconds=0.2))
    await asyncio.gather(*(meanings.ask(word) for word in ("ships", "bees")))
    async for _ in meanings.read({1: "a paper"}):
        pass
    assert (shop.in_use, len(shop.loaded)) == (1, 2)  # the first was loaded for its name
    async with asyncio.timeout(5):
        while shop.in_use:  # noqa: ASYNC110 - a model that goes tells nobody
            await asyncio.sleep(0.02)
    assert await meanings.ask("ships") is not None


async def test_each_question_keeps_the_model_for_the_next(database: Database) -> None:
    """The time runs from the last question, not from the first."""
    shop = Shop()
    meanings = Meanings(database, shop.load, warm_for=timedelta(seconds=1))
    for _ in range(2):
        await meanings.ask("ships")
        await asyncio.sleep(0.6)
    assert shop.in_use == 1


async def test_without_a_model_there_is_no_answer(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """One that is off, and one that cannot be loaded, which is said once however much is asked."""

    def broken() -> None:
        raise ModelError("no model here")

    assert await Meanings(database, lambda: None).ask("ships") is None
    meanings = Meanings(database, broken)
    assert [await meanings.ask("ships") for _ in range(3)] == [None] * 3
    assert caplog.text.count("no model here") == 1

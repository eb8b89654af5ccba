"""Vectors of texts: kept by text and model, whatever becomes of the papers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import vectors
from storage.database import Database

Vectors = dict[bytes, npt.NDArray[np.float32]]


def made(count: int, *, seed: int = 1) -> Vectors:
    """Make vectors of length one for so many texts."""
    rows = np.random.default_rng(seed).normal(size=(count, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {vectors.text_key(f"text {number}"): row for number, row in enumerate(rows)}


async def put(database: Database, model: str, them: Vectors) -> None:
    """Keep vectors in a transaction of their own."""
    async with database.writing() as session:
        await vectors.put(session, model, them)


async def known(database: Database, model: str, keys: Vectors) -> Vectors:
    """Read the vectors of these texts."""
    async with database.reading() as session:
        return await vectors.known(session, model, keys)


async def test_vectors_come_back(database: Database) -> None:
    """What was kept is read again, each under its text, with an error of no account in a cosine."""
    them = made(2_500)
    await put(database, "a", them)
    back = await known(database, "a", them)
    assert back.keys() == them.keys()
    for key, vector in them.items():
        assert back[key].dtype == np.float32
        assert back[key] @ vector == pytest.approx(1, abs=1e-3)


async def test_texts_without_a_vector_are_left_out(database: Database) -> None:
    """Only what a model has read is known of it."""
    them = made(3)
    unread = vectors.text_key("text 2")
    await put(database, "a", {key: vector for key, vector in them.items() if key != unread})
    assert set(await known(database, "a", them)) == set(them) - {unread}


async def test_models_do_not_mix(database: Database) -> None:
    """The vectors of one model are unknown to another, also of the same text."""
    await put(database, "a", made(2, seed=1))
    await put(database, "b", made(1, seed=2))
    assert len(await known(database, "a", made(2))) == 2
    (vector,) = (await known(database, "b", made(2))).values()
    assert vector == pytest.approx(made(1, seed=2)[vectors.text_key("text 0")], abs=1e-3)


async def test_a_vector_put_again_is_replaced(database: Database) -> None:
    """The same text read twice by a model has one vector, the last."""
    await put(database, "a", made(1, seed=1))
    await put(database, "a", made(1, seed=2))
    (vector,) = (await known(database, "a", made(1))).values()
    assert vector == pytest.approx(made(1, seed=2)[vectors.text_key("text 0")], abs=1e-3)


async def test_other_models_are_forgotten(database: Database) -> None:
    """A model that took another's place leaves no vectors of that one; how many there were is told."""
    for model, count in (("old", 3), ("older", 2), ("new", 1)):
        await put(database, model, made(count))
    async with database.writing() as session:
        assert await vectors.forget_other(session, "new") == 5
        assert await vectors.forget_other(session, "new") == 0
    assert not await known(database, "old", made(3))
    assert len(await known(database, "new", made(3))) == 1


async def test_no_texts_are_no_vectors(database: Database) -> None:
    """To keep or ask for nothing is allowed."""
    await put(database, "a", {})
    assert await known(database, "a", {}) == {}


@given(st.text(), st.text())
def test_a_key_names_a_text(one: str, other: str) -> None:
    """Texts have one key if, and only if, they are the same; it takes 16 bytes."""
    assert (vectors.text_key(one) == vectors.text_key(other)) is (one == other)
    assert len(vectors.text_key(one)) == 16


def test_keys_stay() -> None:
    """A key is the same on every machine and in every version, for vectors are found by it."""
    assert vectors.text_key("Bees dance.").hex() == "ff8b85c992e1dd2311bee58b8611ed46"

"""Vectors of texts, kept so that a model reads each text once.

A vector belongs to a text and to the model that made it, not to a paper: a text that changes has no vector
yet, and papers that turn out to be one need nothing. What the model is, only its fingerprint tells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.batches import batches
from storage.dialects import insert
from storage.tables import VECTORS

_KEY_BYTES = 16
_KEPT = np.dtype("<f2")  # half the room of float32, for an error below a thousandth in a cosine


def text_key(text: str) -> bytes:
    """Name a text by its content, in 16 bytes."""
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).digest()


async def known(
    session: AsyncSession, model: str, keys: Collection[bytes]
) -> dict[bytes, npt.NDArray[np.float32]]:
    """Read the vectors that a model made, by text key. Texts without one are left out.

    They were kept in half precision: a row of length one comes back of that length within a thousandth.
    """
    found: dict[bytes, npt.NDArray[np.float32]] = {}
    for batch in batches(keys):
        rows = await session.execute(_VECTORS.where(VECTORS.c.model == model, VECTORS.c.text_key.in_(batch)))
        found |= {key: np.frombuffer(content, _KEPT).astype(np.float32) for key, content in rows}
    return found


async def put(session: AsyncSession, model: str, vectors: Mapping[bytes, npt.NDArray[np.float32]]) -> None:
    """Keep what a model made of texts, by text key; an earlier vector of the same text is replaced."""
    statement = insert(session, VECTORS)
    upsert = statement.on_conflict_do_update(
        index_elements=VECTORS.primary_key, set_={"vector": statement.excluded.vector}
    )
    for batch in batches(vectors.items()):
        rows = [
            {"model": model, "text_key": key, "vector": vector.astype(_KEPT).tobytes()}
            for key, vector in batch
        ]
        await session.execute(upsert, rows)


async def forget_other(session: AsyncSession, model: str) -> int:
    """Remove the vectors of all models but this one; say how many there were."""
    other = VECTORS.c.model != model
    count = await session.execute(select(func.count()).select_from(VECTORS).where(other))
    await session.execute(delete(VECTORS).where(other))
    return count.scalar_one()


async def forget(session: AsyncSession, keys: Collection[bytes]) -> None:
    """Remove what any model made of these texts."""
    for batch in batches(keys):
        await session.execute(delete(VECTORS).where(VECTORS.c.text_key.in_(batch)))


_VECTORS = select(VECTORS.c.text_key, VECTORS.c.vector)

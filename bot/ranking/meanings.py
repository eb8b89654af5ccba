"""What the model reads out of papers: kept in the database, so that it reads each text once.

Owns when the model is in memory: only while it reads, for it takes as much as all the rest of the bot.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
from collections.abc import AsyncIterator, Callable, Mapping

import numpy as np
import numpy.typing as npt

from bot.ranking.model_files import ModelError
from recommender.embedder import Embedder
from storage import vectors
from storage.batches import batches
from storage.database import Database

log = logging.getLogger(__name__)

Meaning = npt.NDArray[np.float32]

# Texts between two transactions: a second or two of work, which is what a stop waits for.
_BATCH = 32


class Meanings:
    """The vectors of one model.

    ``load`` makes the model ready, or gives None where none is wanted; it blocks, and may raise `ModelError`.
    """

    def __init__(self, database: Database, load: Callable[[], Embedder | None]) -> None:
        self._database = database
        self._load = load
        self._opening = asyncio.Lock()
        self._opened = False
        self._model: str | None = None

    async def model(self) -> str | None:
        """Name the model by its fingerprint; None where there is none, and the log says once why."""
        async with self._opening:
            if not self._opened:
                embedder = await self._load_or_say()
                self._model = None if embedder is None else embedder.fingerprint
                self._opened = True
                del embedder
                _give_back_memory()
            return self._model

    async def known(self, texts: Mapping[int, str]) -> dict[int, Meaning]:
        """Look up papers' texts: the vectors by paper id of those that were read before."""
        model = await self.model()
        if model is None:
            return {}
        keys = {paper_id: vectors.text_key(text) for paper_id, text in texts.items()}
        async with self._database.reading() as session:
            found = await vectors.known(session, model, set(keys.values()))
        return {paper_id: found[key] for paper_id, key in keys.items() if key in found}

    async def read(self, texts: Mapping[int, str]) -> AsyncIterator[dict[int, Meaning]]:
        """Have the model read papers in the order given, keep what it makes, and tell it batch by batch.

        Once all are read, what another model made of papers goes.
        """
        embedder = await self._load_or_say()
        if embedder is None:
            return
        for batch in batches(texts.items(), _BATCH):
            rows = await asyncio.to_thread(embedder.embed, [text for _, text in batch])
            by_text = {vectors.text_key(text): row for (_, text), row in zip(batch, rows, strict=True)}
            async with self._database.writing() as session:
                await vectors.put(session, embedder.fingerprint, by_text)
            yield {paper_id: row for (paper_id, _), row in zip(batch, rows, strict=True)}
        async with self._database.writing() as session:
            await vectors.forget_other(session, embedder.fingerprint)
        del embedder
        _give_back_memory()

    async def _load_or_say(self) -> Embedder | None:
        try:
            return await asyncio.to_thread(self._load)
        except ModelError as error:
            log.warning("ranking by words alone: %s", error)
            return None


def _give_back_memory() -> None:
    """Hand the model's memory back to the system: glibc would keep 100 MB and more of it for later."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other systems' libraries have none
    if trim:
        trim(0)

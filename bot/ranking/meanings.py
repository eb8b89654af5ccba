"""What the model reads out of papers: kept in the database, so that it reads each text once.

Owns when the model is in memory: while it reads, and for some minutes after a question, for it takes as much
as all the rest of the bot.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from bot.ranking.model_files import ModelError
from recommender.embedder import Embedder
from storage import vectors
from storage.batches import batches
from storage.database import Database

log = logging.getLogger(__name__)

Meaning = npt.NDArray[np.float32]

# How long the model stays in memory after a question, for the next.
WARM_FOR = timedelta(minutes=5)

# Texts between two transactions: a second or two of work, which is what a stop waits for.
_BATCH = 32


class Meanings:
    """The vectors of one model.

    ``load`` makes the model ready, or gives None where none is wanted; it blocks, and may raise `ModelError`.
    """

    def __init__(
        self, database: Database, load: Callable[[], Embedder | None], warm_for: timedelta = WARM_FOR
    ) -> None:
        self._database = database
        self._load = load
        self._warm_for = warm_for
        self._warm: Embedder | None = None
        self._cooling: asyncio.TimerHandle | None = None
        self._opening = asyncio.Lock()
        self._opened = False
        self._model: str | None = None

    async def model(self) -> str | None:
        """Name the model by its fingerprint; None where there is none, and the log says once why."""
        async with self._opening:
            if not self._opened:
                embedder = await self._load_or_say()
                self._opened = True
                if embedder is not None:
                    self._model = embedder.fingerprint
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
        embedder = self._warm or await self._load_or_say()
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

    async def ask(self, words: str) -> Meaning | None:
        """Have the model read a question, of which nothing is kept; None where there is no model.

        The model then stays in memory for a while: the next question need not wait for it.
        """
        if await self.model() is None:
            return None
        async with self._opening:
            self._warm = self._warm or await self._load_or_say()
        if self._warm is None:
            return None
        self._cool_later()
        rows = await asyncio.to_thread(self._warm.embed, [words])
        meaning: Meaning = rows[0]
        return meaning

    def _cool_later(self) -> None:
        if self._cooling:
            self._cooling.cancel()
        self._cooling = asyncio.get_running_loop().call_later(self._warm_for.total_seconds(), self._cool)

    def _cool(self) -> None:
        self._warm = self._cooling = None
        asyncio.get_running_loop().run_in_executor(None, _give_back_memory)

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

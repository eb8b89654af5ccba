"""An embedder that remembers, in a file, so that replaying the same papers again need not read them again.

Not the bot's own store of vectors (``storage.vectors``): replay sets are no part of its database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.errors import BotError
from recommender.embedder import Embedder
from storage.vectors import text_key

_BATCH = 200  # texts between two writes: some seconds of work, all that an interruption can cost


class VectorFileError(BotError):
    """A file of vectors that cannot be used."""


class VectorFile:
    """An `Embedder` that keeps what another one made, under the hash of the text.

    There is one file a model. It only grows, by whole records; one that was cut off while it was written is
    overwritten by the next. Kept in half precision: an error below a thousandth in a cosine.

    Raises:
        VectorFileError: The file cannot be made or read.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._record = np.dtype([("key", "V16"), ("vector", "<f2", (embedder.dims,))])
        self._path = folder / f"{embedder.fingerprint}.vectors"
        self._known: dict[bytes, npt.NDArray[np.float16]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            self._take(np.fromfile(self._path, self._record))
        except OSError as error:
            raise VectorFileError(f"{self._path}: vectors cannot be kept there: {error.strerror}.") from error

    @property
    def fingerprint(self) -> str:
        """The model's own."""
        return self._embedder.fingerprint

    @property
    def dims(self) -> int:
        """The model's own."""
        return self._embedder.dims

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Turn texts into rows of length one, asking the model only for those never seen."""
        self.read(texts)
        rows = [self._known[text_key(text)] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dims)

    def read(self, texts: Sequence[str], told: Callable[[int, int], None] | None = None) -> None:
        """Have the model read the texts never seen; ``told`` hears how many of how many are done."""
        missing = {key: text for text in texts if (key := text_key(text)) not in self._known}
        keys, unread = list(missing), list(missing.values())
        for start in range(0, len(unread), _BATCH):
            batch = unread[start : start + _BATCH]
            self._keep(keys[start : start + _BATCH], self._embedder.embed(batch))
            if told:
                told(start + len(batch), len(unread))

    def learn(self, vectors: Mapping[bytes, npt.NDArray[np.float32]]) -> None:
        """Take over vectors that the same model made elsewhere, by text key."""
        new = {key: vector for key, vector in vectors.items() if key not in self._known}
        if new:
            self._keep(list(new), np.array(list(new.values())))

    def _keep(self, keys: Sequence[bytes], vectors: npt.NDArray[np.float32]) -> None:
        records = np.zeros(len(keys), self._record)
        records["key"] = [np.void(key) for key in keys]
        records["vector"] = vectors
        with self._path.open("r+b") as file:
            file.seek(len(self._known) * self._record.itemsize)
            file.write(records.tobytes())
        self._take(records)

    def _take(self, records: npt.NDArray[np.void]) -> None:
        self._known |= {record["key"].tobytes(): record["vector"] for record in records}

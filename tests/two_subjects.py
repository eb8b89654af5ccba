"""A model of two subjects: it knows ships from bees by words that the texts do not share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


class TwoSubjects:
    """An embedder that remembers what it read, and how often it was loaded."""

    fingerprint = "two-subjects"
    dims = 6
    ships = ("keel", "mast", "anchor", "rudder", "sailing")

    def __init__(self) -> None:
        self.loads = 0
        self.read: list[str] = []

    def load(self) -> TwoSubjects:
        self.loads += 1
        return self

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.read += texts
        rows = np.full((len(texts), self.dims), 0.1, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0 if any(word in text for word in self.ships) else 1] = 1
            row[2 + len(text) % 4] += 0.3
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

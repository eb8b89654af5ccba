"""What ranking asks of a model that turns texts into vectors.

Owns the promise alone; which model keeps it, and where it is found, is the bot's business.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class Embedder(Protocol):
    """A model of meaning: texts that say the same thing get vectors that point the same way."""

    @property
    def fingerprint(self) -> str:
        """Name weights, tokenizer and settings in short hex; vectors of two fingerprints never mix."""

    @property
    def dims(self) -> int:
        """Count the numbers of a vector."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Turn texts into rows of length one, in their order: shape (len(texts), dims)."""

"""Taking out of vectors what all of them share, so that what is left tells papers apart.

This is the background that a classifier would have to learn for each reader from thousands of negatives: the
direction that separates a few liked papers from all others is that of their mean after whitening (Fisher's
linear discriminant, 1936; Hariharan, Malik and Ramanan 2012 for one background shared by all).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_NO_SPREAD = 1e-8  # of the mean square: vectors that are all the same one say nothing of others


@dataclass(frozen=True, eq=False, slots=True)
class Whitening:
    """A fitted map: minus the mean, times the inverse root of the covariance, over the root of its length.

    What stands far from the mean is the rarer subject, so its length tells, but less than it would in full:
    in replay the root did better than the length itself and than none. The median length is one.

    Attributes:
        mean: (dims,).
        matrix: (dims, dims).
    """

    mean: Floats
    matrix: Floats

    @classmethod
    def fit(cls, vectors: npt.NDArray[np.floating], ridge: float) -> Whitening:
        """Learn mean and covariance of vectors (n, dims); without vectors or dims there is nothing to whiten.

        ``ridge`` times the mean eigenvalue is added to each eigenvalue, so that directions in which the
        sample hardly varies are not blown up (Ledoit and Wolf 2004); the greater it is, the less is whitened.
        """
        if not vectors.size:
            dims = vectors.shape[1]
            return cls(np.zeros(dims, dtype=np.float32), np.eye(dims, dtype=np.float32))
        mean = vectors.mean(axis=0)
        centred = (vectors - mean).astype(np.float64)
        eigenvalues, directions = np.linalg.eigh(centred.T @ centred / len(vectors))
        eigenvalues = np.maximum(eigenvalues, 0)
        if eigenvalues.mean() <= _NO_SPREAD * np.square(vectors, dtype=np.float64).mean():
            return cls(mean.astype(np.float32), np.zeros((len(mean), len(mean)), dtype=np.float32))
        floor = max(ridge * eigenvalues.mean(), np.finfo(np.float32).tiny)
        matrix = (directions / np.sqrt(eigenvalues + floor)) @ directions.T
        length = float(np.median(np.linalg.norm(centred @ matrix, axis=1)))
        return cls(mean.astype(np.float32), (matrix / (length or 1.0)).astype(np.float32))

    def apply(self, vectors: npt.NDArray[np.floating]) -> Floats:
        """Whiten rows (n, dims); a row of zeros, which stands for no vector, stays so."""
        known = vectors.any(axis=1, keepdims=True)
        white = np.where(known, (vectors - self.mean) @ self.matrix, 0)
        lengths = np.linalg.norm(white, axis=1, keepdims=True)
        rooted: Floats = (white / np.sqrt(np.maximum(lengths, np.finfo(np.float32).tiny))).astype(np.float32)
        return rooted

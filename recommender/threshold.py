"""Whether a candidate is strong enough to be shown: its percentile among all recent papers, for one reader.

A score of one reader says little beside a score of another; its place among that reader's own scores does.
Here is only the measure and the cut: an empty result is the honest answer "nothing strong today".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Bools: TypeAlias = npt.NDArray[np.bool_]
Floats: TypeAlias = npt.NDArray[np.float64]

# Among fewer recent papers a percentile is too coarse to refuse anything by.
LEAST_RECENT = 20


class Threshold(Protocol):
    """What a candidate must reach; a higher score never fails where a lower one passes."""

    def passes(self, scores: Floats, recent: Floats, /) -> Bools:
        """Tell which candidates are strong, beside one reader's scores of recent papers.

        Args:
            scores: (n_candidates,); of many readers (n_readers, n_candidates).
            recent: (n_recent,); of many readers (n_readers, n_recent).

        Returns:
            As many as there are scores.
        """


@dataclass(frozen=True, slots=True)
class Percentile:
    """A threshold at a percentile, 0 to 100, of the recent papers; at 0 all pass."""

    least: float

    def passes(self, scores: Floats, recent: Floats, /) -> Bools:
        """Tell which candidates stand there or above; all do among fewer than ``LEAST_RECENT``."""
        papers = recent.shape[-1]
        if papers < LEAST_RECENT or self.least <= 0:
            return np.ones(scores.shape, dtype=np.bool_)
        reached = 100 * np.arange(1, papers + 1) / papers  # just above each recent paper, the lowest first
        place = int(np.searchsorted(reached, self.least))
        if place == papers:
            return np.zeros(scores.shape, dtype=np.bool_)
        edge = np.partition(recent, place, axis=-1)[..., [place]]
        passes: Bools = np.where(percentiles(edge, recent) >= self.least, scores >= edge, scores > edge)
        return passes


def percentiles(scores: Floats, recent: Floats) -> Floats:
    """Place scores among this reader's scores of all recent papers: as many as given, 0 to 100.

    The share of recent papers with a lower score, those with an equal one counted half: so where all score
    the same each stands at 50, and the best of n stands at 100 - 50/n. There must be a recent paper. Of many
    readers both have a row each.
    """
    scores, recent = scores[..., np.newaxis], recent[..., np.newaxis, :]
    counted = np.count_nonzero(recent < scores, axis=-1) + np.count_nonzero(recent <= scores, axis=-1)
    placed: Floats = 100 * counted / (2 * recent.shape[-1])
    return placed

"""The candidates of many readers, each with its score and whether it may be picked: `Lineup` for a crowd.

Owns what rules and thresholds do to scores. It chooses nothing, and gives no reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.diversity import DECIMALS
from recommender.electorate import Asking
from recommender.rules import Rulebook
from recommender.threshold import Threshold

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Lineups:
    """All candidates of the offer, a row a reader: each (n_readers, n_candidates).

    Attributes:
        scores: What rules bring in them, so rounded that equal papers tie.
        free: Who may be picked: neither given, nor voted on, nor muted.
        strong: Who, of these, passes the threshold or is followed.
    """

    scores: Floats
    free: Bools
    strong: Bools

    @classmethod
    def of(
        cls, paper_ids: Ints, asking: Asking, readers: npt.NDArray[np.intp], said: Floats, free: Bools
    ) -> Lineups:
        """Apply the rules and thresholds of some of those who ask.

        Args:
            paper_ids: The candidates.
            asking: What all readers ask for.
            readers: The rows of these.
            said: The scores of all candidates as their votes alone have it.
            free: Which candidates were neither given nor voted on; changed in place.
        """
        scores, followed = said.copy(), np.zeros_like(free)
        for row, reader in enumerate(readers.tolist()):
            if reader in asking.rulebooks:
                _obey(asking.rulebooks[reader], paper_ids, scores[row], free[row], followed[row])
        strong = _find_strong([asking.thresholds[reader] for reader in readers.tolist()], scores, said)
        return cls(scores, free, free & (strong | followed))


def _obey(rules: Rulebook, paper_ids: Ints, scores: Floats, free: Bools, followed: Bools) -> None:
    """Write into one reader's rows what the rules say."""
    free &= ~_find(paper_ids, rules.muted())
    followed |= _find(paper_ids, rules.followed())
    scores[free] = np.round(rules.boosted(paper_ids[free].tolist(), scores[free]), DECIMALS)


def _find(paper_ids: Ints, met: set[int]) -> Bools:
    return np.isin(paper_ids, list(met))


def _find_strong(thresholds: Sequence[Threshold | None], scores: Floats, recent: Floats) -> Bools:
    """Find what passes, for each reader beside all candidates as the votes alone score them."""
    strong = np.ones(scores.shape, dtype=np.bool_)
    sharing: dict[int, list[int]] = {}
    for row, threshold in enumerate(thresholds):
        sharing.setdefault(id(threshold), []).append(row)
    for rows in sharing.values():
        threshold = thresholds[rows[0]]
        if threshold is not None:
            strong[rows] = threshold.passes(scores[rows], recent[rows])
    return strong

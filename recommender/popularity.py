"""What everyone likes: the order for a reader of whom nothing is known, and the prior for all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from recommender.values import Candidate

# So many upvotes are half of all popularity; three papers in four of a daily list get fewer.
HALF_POPULAR = 20


def in_trending_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Order candidates by upvotes, then comments, then the newer list's day, then the lower id.

    A day that is not known counts as the oldest. A paper that stands there twice is kept at its better place.
    """
    best: dict[int, Candidate] = {}
    for candidate in sorted(candidates, key=_trend):
        best.setdefault(candidate.paper_id, candidate)
    return list(best.values())


def popularity(candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
    """Squeeze upvotes u into 0 (none) to 1 (never reached): u / (u + 20), so that fame has a limit."""
    upvotes = np.array([max(candidate.upvotes, 0) for candidate in candidates], dtype=np.float64)
    return upvotes / (upvotes + HALF_POPULAR)


def prior(candidates: Sequence[Candidate]) -> npt.NDArray[np.float64]:
    """Say how far each candidate is from all the fame there can be: -1 (unknown) to 0 (never reached).

    Never above 0, so that a like of the very same text, which takes from the prior's share, lowers nothing.
    """
    return popularity(candidates) - 1


def _trend(candidate: Candidate) -> tuple[int, int, int, int]:
    day = candidate.featured.toordinal() if candidate.featured else 0
    return (-candidate.upvotes, -candidate.comments, -day, candidate.paper_id)

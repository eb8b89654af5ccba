"""What a chat's votes say: which papers it likes and dislikes, how much, and in which order.

Time is read only as an order: a like grows old as others follow it, not as days go by, so that a reader who
comes back after a month finds the same taste.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.values import Vote


@dataclass(frozen=True, eq=False, slots=True)
class Opinions:
    """The papers on one side, the newest first, and by how many votes that side leads on each."""

    paper_ids: tuple[int, ...]
    counts: npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class History:
    """Votes added up.

    Attributes:
        likes: Papers with more ups than downs.
        dislikes: Papers with more downs than ups.
        voted: Every paper that anyone voted on, also where ups and downs cancel out.
    """

    likes: Opinions
    dislikes: Opinions
    voted: frozenset[int]

    @classmethod
    def of(cls, votes: Iterable[Vote]) -> History:
        """Add up the votes of all people on each paper; a paper is as new as the newest vote on it."""
        newest_first = sorted(votes, key=lambda vote: (vote.at, vote.paper_id), reverse=True)
        balance: Counter[int] = Counter()
        for vote in newest_first:
            balance[vote.paper_id] += 1 if vote.up else -1
        return cls(_side(balance, 1), _side(balance, -1), frozenset(balance))


def _side(balance: Mapping[int, int], sign: int) -> Opinions:
    counts = {paper_id: sign * count for paper_id, count in balance.items() if sign * count > 0}
    return Opinions(tuple(counts), np.array(list(counts.values()), dtype=np.float64))

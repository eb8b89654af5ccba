"""The candidates of many readers, each with its score and whether it may be picked: `Lineup` for a crowd.

Owns what rules and thresholds do to scores. It chooses nothing, and gives no reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.diversity import DECIMALS, NOTHING
from recommender.electorate import Asking
from recommender.offer import Offer
from recommender.rules import Rulebook
from recommender.threshold import Threshold

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Access:
    """Which papers of the offer are there for which reader: each (n_readers, n_candidates).

    Attributes:
        offered: All recent papers, and the older ones that the reader asks for.
        free: Who, of these, was neither voted on nor given.
    """

    offered: Bools
    free: Bools

    @classmethod
    def of(cls, offer: Offer, asking: Asking) -> Access:
        """Find it out for all who ask."""
        offered = np.repeat(offer.is_recent[np.newaxis], len(asking), axis=0)
        if asking.older:
            offered[_find_cells(offer, *asking.older)] = True
        free = offered.copy()
        free[_find_cells(offer, asking.votes.readers, asking.votes.paper_ids)] = False
        free[_find_cells(offer, *asking.given)] = False
        return cls(offered, free)

    def take(self, readers: npt.NDArray[np.intp]) -> Access:
        """Take the rows of some readers."""
        return Access(self.offered[readers], self.free[readers])


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
        cls, paper_ids: Ints, asking: Asking, readers: npt.NDArray[np.intp], said: Floats, access: Access
    ) -> Lineups:
        """Apply the rules and thresholds of some of those who ask.

        Args:
            paper_ids: The candidates.
            asking: What all readers ask for.
            readers: The rows of these.
            said: The scores of all candidates as their votes alone have it.
            access: Which candidates are there for these readers; what is free is changed in place.
        """
        free = access.free
        scores, followed = said.copy(), np.zeros_like(free)
        for row, reader in enumerate(readers.tolist()):
            if reader in asking.rulebooks:
                _obey(asking.rulebooks[reader], paper_ids, scores[row], free[row], followed[row])
        thresholds = [asking.thresholds[reader] for reader in readers.tolist()]
        strong = _find_strong(thresholds, scores, said, access.offered)
        return cls(scores, free, free & (strong | followed))


def _obey(rules: Rulebook, paper_ids: Ints, scores: Floats, free: Bools, followed: Bools) -> None:
    """Write into one reader's rows what the rules say."""
    free &= ~_find(paper_ids, rules.muted())
    followed |= _find(paper_ids, rules.followed())
    scores[free] = np.round(rules.boosted(paper_ids[free].tolist(), scores[free]), DECIMALS)


def _find(paper_ids: Ints, met: set[int]) -> Bools:
    return np.isin(paper_ids, list(met))


def _find_cells(offer: Offer, readers: Ints, paper_ids: Ints) -> tuple[Ints, Ints]:
    """Find the rows and columns of pairs, less those whose paper is not offered."""
    places = offer.places_of(paper_ids)
    there = places != NOTHING
    return readers[there], places[there]


def _find_strong(
    thresholds: Sequence[Threshold | None], scores: Floats, said: Floats, offered: Bools
) -> Bools:
    """Find what passes, for each reader beside all that is offered to them as the votes alone score it."""
    strong = np.ones(scores.shape, dtype=np.bool_)
    sharing: dict[tuple[int, int], list[int]] = {}
    for row, alike in enumerate(zip(map(id, thresholds), offered.sum(axis=1).tolist(), strict=True)):
        sharing.setdefault(alike, []).append(row)
    for (_, papers), rows in sharing.items():
        threshold = thresholds[rows[0]]
        if threshold is not None:
            beside = said[rows][offered[rows]].reshape(len(rows), papers)
            strong[rows] = threshold.passes(scores[rows], beside)
    return strong

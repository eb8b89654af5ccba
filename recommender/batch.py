"""Picks for all readers at once, from arrays: what ``recommend`` does for one, in a few microseconds each.

K is shared, so a reader costs one row of a sparse product, a short sort and a few sums; there is nothing to
train. Owns who is ranked together, and the memory that this takes. For any reader the picks, scores and
reasons are those of ``recommend``.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from recommender.ballots import Ballots
from recommender.crowd import NOTHING, Crowd, Ground
from recommender.diversity import BREADTH, DECIMALS, choose_diverse_for_each

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

_CELLS = 200_000  # numbers in an array of one chunk: a few such arrays stay in a processor's own cache
_UNIT = 10.0**DECIMALS
_BARRED = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False, slots=True)
class Rankings:
    """The picks of many readers, one row each, best first: (n_readers, n).

    Attributes:
        places: Which candidate; ``NOTHING`` where there are fewer than n.
        scores: Its score; minus infinity where there are fewer.
        reasons: The row of K of the like without which its score would be lowest, the newest of equals;
            ``NOTHING`` where no like resembles it by more than chance, and the pick is a trending one.
    """

    places: Places
    scores: Floats
    reasons: Places

    @classmethod
    def blank(cls, readers: int, n: int) -> Rankings:
        """Make room for n picks of each reader."""
        places, reasons = np.full((2, readers, n), NOTHING, dtype=np.int32)
        return cls(places, np.full((readers, n), -np.inf), reasons)


def rank_all(ground: Ground, ballots: Ballots, n: int, *, threads: int = 2) -> Rankings:
    """Pick n candidates for each reader, or all there are; candidates stand in trending order.

    Equal scores keep that order. ``threads`` chunks of readers are ranked at a time.
    """
    rankings = Rankings.blank(len(ballots), n)
    chunks = _gather_chunks(ballots, len(ground.prior), n)
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(partial(_rank_chunk, ground, ballots, rankings), chunks):
            pass
    return rankings


def _gather_chunks(ballots: Ballots, candidates: int, n: int) -> Iterator[npt.NDArray[np.intp]]:
    """Gather readers with about as many votes, longest first, so few at a time that arrays stay small."""
    lengths = np.maximum(np.diff(ballots.likes.indptr), np.diff(ballots.dislikes.indptr))
    longest_first = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(ballots):
        cells = max(candidates, n * int(lengths[longest_first[start]]), 1)
        chunk = longest_first[start : start + max(1, _CELLS // cells)]
        yield chunk
        start += len(chunk)


def _rank_chunk(ground: Ground, ballots: Ballots, rankings: Rankings, readers: npt.NDArray[np.intp]) -> None:
    """Rank some readers and write their picks down in their rows."""
    chunk, n = ballots.take(readers), rankings.places.shape[1]
    crowd = Crowd.of(ground, chunk)
    scores, shortlists = _shortlist(crowd.scores(), chunk, n * BREADTH)
    chosen = choose_diverse_for_each(scores, shortlists, ground.alike, n)
    chosen = np.where(crowd.likes.votes > 0, chosen, np.arange(chosen.shape[1]))
    picked = np.take_along_axis(scores, chosen, axis=1)
    places = np.take_along_axis(shortlists, chosen, axis=1)
    there = picked > -np.inf
    width = chosen.shape[1]
    rankings.scores[readers, :width] = picked
    rankings.places[readers, :width] = np.where(there, places, NOTHING)
    rankings.reasons[readers, :width] = np.where(there, crowd.find_reasons(places), NOTHING)


def _shortlist(scores: Floats, ballots: Ballots, most: int) -> tuple[Floats, Ints]:
    """List the best candidates of each reader, by score and then by place, with their scores.

    Score and place together make one integer, so that a plain sort needs no second look at ties.
    """
    readers, candidates = scores.shape
    scores *= _UNIT
    keys = np.rint(scores, out=scores).astype(np.int64)
    keys *= candidates
    keys += np.arange(candidates)[::-1]
    excluded = ballots.excluded
    keys[np.repeat(np.arange(readers), np.diff(excluded.indptr)), excluded.indices] = _BARRED
    if most < candidates:
        keys = np.partition(keys, candidates - most, axis=1)[:, -most:]
    keys.sort(axis=1)
    units, behind = np.divmod(keys[:, ::-1], candidates)
    best = np.where(keys[:, ::-1] == _BARRED, -np.inf, units / _UNIT)
    return best, candidates - 1 - behind

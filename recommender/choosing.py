"""Who is picked for many readers, in which order, and who in a last pick's place to learn more.

From scores to places; how candidates are scored, and what is told of a pick, is decided elsewhere.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.crowd import Crowd
from recommender.diversity import BREADTH, DECIMALS, NOTHING, choose_diverse_for_each
from recommender.exploration import SHARE, doubt_beside, explore_for_each
from recommender.lineups import Lineups
from recommender.recommend import LEAST_LIKES, LEAST_PICKS

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_UNIT = 10.0**DECIMALS
_BARRED = np.iinfo(np.int64).min


def choose(crowd: Crowd, lineups: Lineups, alike: Floats, n: int) -> Ints:
    """Choose n strong candidates of each reader, near-copies apart; without a like the best by score alone.

    Args:
        crowd: The readers.
        lineups: Their candidates, at least one.
        alike: K of each two candidates: (n_candidates, n_candidates).
        n: How many to choose, from one to as many as there are candidates.

    Returns:
        Places, best first, then ``NOTHING``: (n_readers, n).
    """
    likes = crowd.likes.votes > 0
    eligible = np.where(likes, lineups.strong, lineups.free)
    scores, shortlists = _shortlist(lineups.scores, eligible, n * BREADTH)
    chosen = np.where(likes, choose_diverse_for_each(scores, shortlists, alike, n), np.arange(n))
    there = np.take_along_axis(scores, chosen, axis=1) > -np.inf
    return np.where(there, np.take_along_axis(shortlists, chosen, axis=1), NOTHING)


def explore(crowd: Crowd, lineups: Lineups, chosen: Ints, draws: Floats) -> tuple[Ints, Floats]:
    """Let the last of those chosen give way to one explored, for readers whose draw says so.

    Returns:
        Places; and propensities, NaN for all that was not explored: both (n_readers, n).
    """
    places, propensities = chosen.copy(), np.full(chosen.shape, np.nan)
    picks = np.count_nonzero(chosen != NOTHING, axis=1)
    likes = np.count_nonzero(crowd.likes.counts, axis=0)
    curious = np.flatnonzero((draws < SHARE) & (likes >= LEAST_LIKES) & (picks >= LEAST_PICKS))
    left = lineups.free[curious] & ~_mark(chosen[curious], lineups.free.shape[1])
    doubts = doubt_beside(crowd.nearest(curious))
    found, chances = explore_for_each(lineups.scores[curious], doubts, left, draws[curious])
    lucky = np.flatnonzero(found != NOTHING)
    last = curious[lucky], picks[curious[lucky]] - 1
    places[last], propensities[last] = found[lucky], chances[lucky]
    return places, propensities


def _mark(places: Ints, candidates: int) -> Bools:
    """Mark the places of each row: (n_rows, n_candidates)."""
    marked = np.zeros((len(places), candidates), dtype=np.bool_)
    rows, turns = np.nonzero(places != NOTHING)
    marked[rows, places[rows, turns]] = True
    return marked


def _shortlist(scores: Floats, eligible: Bools, most: int) -> tuple[Floats, Ints]:
    """List the best eligible candidates of each reader, by score and then by place, with their scores.

    Score and place together make one integer, so that a plain sort needs no second look at ties. Behind the
    last that is eligible all scores are minus infinity.
    """
    candidates = scores.shape[1]
    keys = np.rint(scores * _UNIT).astype(np.int64)
    keys *= candidates
    keys += np.arange(candidates)[::-1]
    keys[~eligible] = _BARRED
    if most < candidates:
        keys = np.partition(keys, candidates - most, axis=1)[:, -most:]
    keys.sort(axis=1)
    units, behind = np.divmod(keys[:, ::-1], candidates)
    best = np.where(keys[:, ::-1] == _BARRED, -np.inf, units / _UNIT)
    return best, candidates - 1 - behind

"""How well scores put what a reader chose above what they did not: six measures of an event, and their means.

Higher is better for all, and 1 is the best (see ``Metrics`` for the one exception). Knows neither papers nor
rankers, only scores and which of them were chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_HIT = 3
_SHORT = 10
_LONG = 100


class Metrics(NamedTuple):
    """Measures of one event, or their mean over several.

    The rank of a paper is 1 + the papers above it + half of those that tie with it, so a tie is neither won
    nor lost. Where many chosen papers tie across rank 10 all of them stand within it, or none; with more than
    ten of them ``ndcg10`` may then pass 1.

    Attributes:
        auc: Chance that a chosen paper outranks one not chosen, ties a half; NaN where all were chosen.
        mrr: 1 / rank of the best chosen paper.
        hit3: Whether that rank is at most 3.
        ndcg10: Discounted gain of the chosen within rank 10, as a share of the greatest (Jarvelin and
            Kekalainen 2002, each chosen paper gains 1).
        rec10: Share of the chosen within rank 10.
        rec100: Share of the chosen within rank 100.
    """

    auc: float
    mrr: float
    hit3: float
    ndcg10: float
    rec10: float
    rec100: float


def measure(scores: Floats, chosen: npt.NDArray[np.bool_]) -> Metrics | None:
    """Measure one event: scores of the candidates and which were chosen, both (n_candidates,).

    Returns:
        None where no candidate was chosen, for then there is nothing to find.

    Raises:
        ValueError: A score is not a number, or there is not one score a candidate.
    """
    if scores.shape != chosen.shape or scores.ndim != 1:
        raise ValueError(f"{scores.shape} scores for {chosen.shape} candidates")
    if np.isnan(scores).any():
        raise ValueError("a score is not a number")
    if not chosen.any():
        return None
    ranks = _rank(scores[chosen], scores)
    return Metrics(
        auc=_auc(scores[chosen], scores[~chosen]),
        mrr=float(1 / ranks.min()),
        hit3=float(ranks.min() <= _HIT),
        ndcg10=_ndcg(ranks),
        rec10=float((ranks <= _SHORT).mean()),
        rec100=float((ranks <= _LONG).mean()),
    )


def average_by_user(measured: Iterable[tuple[str, Metrics]]) -> dict[str, Metrics]:
    """Average each user's events, users in the order of their first one."""
    events: defaultdict[str, list[Metrics]] = defaultdict(list)
    for user, metrics in measured:
        events[user].append(metrics)
    return {user: average(of_user) for user, of_user in events.items()}


def average(metrics: Iterable[Metrics]) -> Metrics:
    """Average each measure over those for which it is defined; NaN where it is for none.

    Averaged over users, each counts once, however many events they had.
    """
    rows = np.array(list(metrics), dtype=np.float64).reshape(-1, len(Metrics._fields))
    defined = ~np.isnan(rows)
    sums = np.where(defined, rows, 0.0).sum(axis=0)
    counts = defined.sum(axis=0)
    means = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
    return Metrics(*means.tolist())


def _rank(found: Floats, scores: Floats) -> Floats:
    """Rank some of the scores among all of them; each ties with the others of its value, not with itself."""
    at_most, below = _places(found, scores)
    above = len(scores) - at_most
    ties = at_most - below - 1
    return 1 + above + ties / 2


def _auc(chosen: Floats, others: Floats) -> float:
    if not len(others):
        return float("nan")
    at_most, below = _places(chosen, others)
    return float((below + at_most).mean() / 2 / len(others))


def _ndcg(ranks: Floats) -> float:
    ideal = np.arange(1, min(len(ranks), _SHORT) + 1)
    return float(_gain(ranks[ranks <= _SHORT]) / _gain(ideal))


def _gain(ranks: npt.NDArray[np.generic]) -> np.float64:
    gain: np.float64 = (1 / np.log2(1 + ranks.astype(np.float64))).sum()
    return gain


def _places(values: Floats, among: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Count, for each value, how many are at most it and how many are below it."""
    ordered = np.sort(among)
    return np.searchsorted(ordered, values, "right"), np.searchsorted(ordered, values, "left")

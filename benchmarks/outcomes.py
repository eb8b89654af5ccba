"""What came of a contest: figures with intervals, each set's best peer, and how far ahead of it we are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from benchmarks.bootstrap import interval, resample
from bot.measuring.evaluation import Evaluation
from recommender.metrics import Floats, Metrics

MEASURE = "ndcg10"  # by which peers are compared
_PLACE = Metrics._fields.index(MEASURE)


class Estimate(NamedTuple):
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Entry:
    """A ranker's figures on one set."""

    evaluation: Evaluation

    @cached_property
    def metrics(self) -> Metrics:
        """The means over users."""
        return self.evaluation.metrics

    @cached_property
    def draws(self) -> Floats:
        """The means over users drawn again: (draws, measures)."""
        return resample(list(self.evaluation.by_user.values()))

    def estimate(self, measure: str) -> Estimate:
        """Give a measure with its interval."""
        place = Metrics._fields.index(measure)
        return Estimate(self.metrics[place], *interval(self.draws[:, place]))

    def as_json(self) -> dict[str, Any]:
        """Give the figures of the replay format and the intervals beside them."""
        bounds = {name: [round(bound, 6) for bound in self.estimate(name)[1:]] for name in Metrics._fields}
        return {**self.evaluation.as_json(), "interval95": bounds}


@dataclass(frozen=True)
class Outcome:
    """One set: our figures and the peers'."""

    ours: Entry
    peers: tuple[Entry, ...]

    @property
    def set(self) -> str:
        """The set's name."""
        return self.ours.evaluation.set

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All rankers, ours first."""
        return self.ours, *self.peers

    @cached_property
    def best(self) -> Entry:
        """The peer with the highest nDCG@10."""
        return self.best_in(MEASURE)

    def best_in(self, measure: str) -> Entry:
        """Find the peer that is highest in a measure."""
        return max(self.peers, key=lambda peer: float(getattr(peer.metrics, measure)))

    @property
    def lead(self) -> Estimate:
        """How far ours is above the best peer in nDCG@10; for the interval both meet the same users."""
        difference = self.ours.metrics[_PLACE] - self.best.metrics[_PLACE]
        return Estimate(difference, *interval(self.ours.draws[:, _PLACE] - self.best.draws[:, _PLACE]))

    @property
    def missed(self) -> dict[str, Entry]:
        """Name the measures in which a peer is above us, and that peer."""
        leaders = {name: self.best_in(name) for name in Metrics._fields}
        return {
            name: leader
            for name, leader in leaders.items()
            if getattr(leader.metrics, name) > getattr(self.ours.metrics, name)
        }


def gather_outcomes(evaluations: Iterable[Evaluation], ours: str) -> list[Outcome]:
    """Put evaluations that stand set by set into an outcome each."""
    outcomes = []
    for _, of_set in groupby(evaluations, key=lambda evaluation: evaluation.set):
        entries = [Entry(evaluation) for evaluation in of_set]
        (own,) = (entry for entry in entries if entry.evaluation.ranker == ours)
        outcomes.append(Outcome(own, tuple(entry for entry in entries if entry is not own)))
    return outcomes


def estimate_gain(outcomes: Sequence[Outcome]) -> Estimate:
    """Relate mean nDCG@10 over sets to that of each set's best peer: 0.03 is 3 % more, relatively."""
    ours = np.mean([outcome.ours.metrics[_PLACE] for outcome in outcomes])
    best = np.mean([outcome.best.metrics[_PLACE] for outcome in outcomes])
    our_draws = np.mean([outcome.ours.draws[:, _PLACE] for outcome in outcomes], axis=0)
    best_draws = np.mean([outcome.best.draws[:, _PLACE] for outcome in outcomes], axis=0)
    return Estimate(float(ours / best - 1), *interval(our_draws / best_draws - 1))

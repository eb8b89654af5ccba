"""Replays choices through a ranker: what it would have put on top, and what that took.

Owns the loop, its clock, and how our own ranker stands in it. ``recommender.replay`` says who may learn from
what, ``recommender.metrics`` what is good.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.embedder import Embedder
from recommender.features import FeatureSpace
from recommender.history import History
from recommender.lineup import Lineup
from recommender.metrics import Floats, Metrics, average, average_by_user, measure
from recommender.replay import Event, ReplayPaper, ReplayRanker, ReplaySet, Scorer
from recommender.shelf import Shelf
from recommender.values import Candidate, Vote

Vectors = npt.NDArray[np.float32]
# A replay knows the order of votes, not their time.
_LONG_AGO, _LATER = datetime(2000, 1, 1, tzinfo=UTC), timedelta(seconds=1)
# Called after each event with its candidates and their scores.
Watcher = Callable[[Event, Sequence[str], Floats], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a ranker did on a set.

    Attributes:
        by_user: The means of each user's events.
        events: How many were measured: those where a candidate was chosen.
        fit_seconds: All fits together, with the vectors of all papers. It is the processor's time: neighbours
            on the machine do not count.
        event_seconds: Scoring, an event on the mean, likewise.
    """

    set: str
    ranker: str
    by_user: Mapping[str, Metrics]
    events: int
    fit_seconds: float
    event_seconds: float

    @property
    def metrics(self) -> Metrics:
        """The means over users."""
        return average(self.by_user.values())

    def as_json(self) -> dict[str, Any]:
        """Give the figures under the names of the replay format; a measure without a value is null."""
        figures = {name: _rounded(value) for name, value in self.metrics._asdict().items()}
        counts = {"users": len(self.by_user), "events": self.events}
        costs = {"ms": round(1000 * self.event_seconds, 4), "fit_s": round(self.fit_seconds, 3)}
        return {"set": self.set, "ranker": self.ranker, **figures, **counts, **costs}


def evaluate(ranker: ReplayRanker, replay: ReplaySet, watch: Watcher | None = None) -> Evaluation:
    """Replay all events of a set, fit by fit; ``watch`` sees each."""
    measured: list[tuple[str, Metrics]] = []
    fitting = scoring = 0.0
    for fit in replay.fits():
        begun = time.process_time()
        score = ranker.fit(fit.background, replay.papers)
        fitting += time.process_time() - begun
        for event in fit.events:
            candidates = replay.candidates(event)
            begun = time.process_time()
            scores = score(event.history, candidates)
            scoring += time.process_time() - begun
            metrics = measure(scores, np.isin(candidates, event.chosen))
            if metrics:
                measured.append((event.user, metrics))
            if watch:
                watch(event, candidates, scores)
    by_user = average_by_user(measured)
    return Evaluation(
        replay.name, ranker.name, by_user, len(measured), fitting, scoring / max(len(replay.events), 1)
    )


@dataclass(frozen=True, slots=True)
class PaperboyRanker:
    """Our own ranker, as the bot uses it: fitted on the background, upvotes as the prior."""

    embedder: Embedder | None = None
    name: str = "paperboy"

    def fit(self, background: Sequence[ReplayPaper], papers: Mapping[str, ReplayPaper]) -> Scorer:
        """Fit a shelf on the background and put all papers on it."""
        ids = {paper_id: number for number, paper_id in enumerate(papers)}
        texts = {ids[paper.id]: paper.text for paper in papers.values()}
        meanings = None if self.embedder is None else self.embedder.embed(list(texts.values()))
        read = None if meanings is None else meanings[[ids[paper.id] for paper in background]]
        space = self.fit_space([paper.text for paper in background], read)
        shelf = Shelf.empty(space).extended(texts, {} if meanings is None else dict(enumerate(meanings)))

        known = {paper_id: Candidate(ids[paper_id], paper.upvotes or 0) for paper_id, paper in papers.items()}

        def score(history: Sequence[str], candidates: Sequence[str]) -> Floats:
            votes = [
                Vote(ids[paper_id], up=True, at=_LONG_AGO + age * _LATER)
                for age, paper_id in enumerate(history)
            ]
            lineup = Lineup.of(shelf, History.of(votes), [known[paper_id] for paper_id in candidates])
            scores = dict(zip(lineup.paper_ids, lineup.scores, strict=True))
            return np.array([scores[ids[paper_id]] for paper_id in candidates])

        return score

    def fit_space(self, texts: Sequence[str], meanings: Vectors | None) -> FeatureSpace:
        """Fit the space as the bot does; an ablation changes it here."""
        return FeatureSpace.fit(texts, meanings)


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)

"""Hindsight: of what a chat came to like, how much our score or the trending order would have picked.

Goes back to each digest that arrived, with what was known then. A paper can only be liked where it was shown,
so the shares lean towards whatever chose it: they are counted apart for each slot. Dislikes only take their
paper out, for a replay knows likes alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from bot.ranking.living_shelf import FIT_NEWEST, REFIT_SHARE
from recommender.history import History
from recommender.popularity import in_trending_order
from recommender.replay import ReplayPaper, ReplayRanker
from recommender.values import Slot, Vote
from storage.hindsight import Arrival, Showing


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a chat: its votes, oldest first, what it was shown, and how many picks it wants."""

    votes: Sequence[Vote]
    showings: Sequence[Showing]
    picks: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A digest that could have been another one.

    Attributes:
        history: Papers liked before, oldest first.
        candidates: What could be picked, in trending order.
        liked: Those of them that were liked later, with the slot that they were shown in.
        n: How many could be picked.
    """

    at: datetime
    history: tuple[int, ...]
    candidates: tuple[int, ...]
    liked: Mapping[int, Slot]
    n: int


@dataclass(slots=True)
class Tally:
    """How many later likes there were by slot, and how many of them each order had among the first n."""

    moments: int = 0
    likes: Counter[Slot] = field(default_factory=Counter)
    ours: Counter[Slot] = field(default_factory=Counter)
    trending: Counter[Slot] = field(default_factory=Counter)

    def add(self, moment: Moment, ours: Sequence[int]) -> None:
        """Count a moment in, with our order of its candidates."""
        self.moments += 1
        self.likes.update(moment.liked.values())
        self.ours.update(_hits(moment, ours))
        self.trending.update(_hits(moment, moment.candidates))


class Almanac:
    """All papers in the order of their coming, to be asked which were there at a moment."""

    def __init__(self, arrivals: Sequence[Arrival]) -> None:
        self._arrivals = arrivals
        self._times = [arrival.at for arrival in arrivals]
        self._candidates = {arrival.candidate.paper_id: arrival.candidate for arrival in arrivals}

    def count(self, moment: datetime) -> int:
        """Count the papers that had come."""
        return bisect_right(self._times, moment)

    def newest(self, count: int, most: int) -> list[int]:
        """List the newest of the first ``count`` papers, at most so many."""
        return [arrival.candidate.paper_id for arrival in self._arrivals[max(count - most, 0) : count]]

    def in_trending_order(self, since: datetime, until: datetime, also: Iterable[int]) -> list[int]:
        """List the papers that came in a span, and some others, the most popular first."""
        came = self._arrivals[bisect_left(self._times, since) : bisect_right(self._times, until)]
        candidates = [arrival.candidate for arrival in came] + [self._candidates[paper] for paper in also]
        return [candidate.paper_id for candidate in in_trending_order(candidates)]


def find_moments(past: Past, almanac: Almanac, window: timedelta) -> Iterator[Moment]:
    """Go back to each digest of a chat of whose candidates some were liked later, oldest first.

    Candidates are the papers that came in the window before, and those of the digest itself, less what was
    shown or voted on earlier. A like is as old as the first thumb up; where thumbs down outweigh it there is
    none.
    """
    liked_at = _date_likes(past.votes)
    slots = {paper: slot for showing in past.showings for paper, slot in showing.slots.items()}
    shown: set[int] = set()
    for showing in past.showings:
        gone = shown | {vote.paper_id for vote in past.votes if vote.at < showing.at}
        there = almanac.in_trending_order(showing.at - window, showing.at, showing.slots)
        candidates = tuple(paper for paper in there if paper not in gone)
        liked = {paper: slots[paper] for paper in candidates if paper in liked_at and paper in slots}
        if liked:
            history = tuple(paper for paper, at in liked_at.items() if at < showing.at)
            yield Moment(showing.at, history, candidates, liked, past.picks)
        shown |= showing.slots.keys()


def group_by_fit(moments: Iterable[Moment], almanac: Almanac) -> Iterator[tuple[list[int], list[Moment]]]:
    """Group moments by the background that the bot would have had, for it refits as papers come.

    Nothing of a background came after the first moment of its group.
    """
    group: list[Moment] = []
    fitted = 0
    for moment in sorted(moments, key=lambda moment: moment.at):
        count = almanac.count(moment.at)
        if group and count - fitted >= fitted * REFIT_SHARE:
            yield almanac.newest(fitted, FIT_NEWEST), group
            group = []
        fitted = fitted if group else count
        group.append(moment)
    if group:
        yield almanac.newest(fitted, FIT_NEWEST), group


def rank_moments(
    ranker: ReplayRanker,
    background: Sequence[int],
    moments: Iterable[Moment],
    papers: Mapping[str, ReplayPaper],
) -> Iterator[tuple[Moment, list[int]]]:
    """Order the candidates of moments that share a background, best first, ties in trending order."""
    score = ranker.fit([papers[str(paper)] for paper in background], papers)
    for moment in moments:
        scores = score([*map(str, moment.history)], [*map(str, moment.candidates)])
        yield moment, [moment.candidates[place] for place in np.argsort(-scores, kind="stable")]


def _hits(moment: Moment, order: Sequence[int]) -> list[Slot]:
    return [moment.liked[paper] for paper in order[: moment.n] if paper in moment.liked]


def _date_likes(votes: Sequence[Vote]) -> dict[int, datetime]:
    liked = set(History.of(votes).likes.paper_ids)
    dates: dict[int, datetime] = {}
    for vote in votes:
        if vote.up and vote.paper_id in liked:
            dates.setdefault(vote.paper_id, vote.at)
    return dates

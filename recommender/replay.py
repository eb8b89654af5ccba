"""Replay: what readers liked, what they could choose from next, and what they chose.

Owns who may learn from what: no fit looks ahead of the events that it is for. It reads no file, and it scores
nothing: rankers come from outside.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from recommender.values import Paper

# From a history, oldest first, and candidates to one score a candidate, higher for better.
Scorer = Callable[[Sequence[str], Sequence[str]], npt.NDArray[np.float64]]
# What is chosen by looking at one half of the users is reported on the other.
Half = Literal["tune", "report"]


@dataclass(frozen=True, slots=True)
class ReplayPaper:
    """A paper of a replay set; title or abstract may be empty, the rest unknown."""

    id: str
    title: str
    abstract: str
    date: date | None
    upvotes: int | None

    @property
    def text(self) -> str:
        """Title and abstract as one text, as the bot reads it."""
        return Paper(title=self.title, abstract=self.abstract).text


@dataclass(frozen=True, slots=True)
class Pool:
    """What there was to choose from, and on which day, where that is known."""

    id: str
    date: date | None
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One choice: a user with a history, oldest first, chose some papers of a pool."""

    user: str
    history: tuple[str, ...]
    pool: str
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """What a ranker may learn from before it meets these events."""

    background: tuple[ReplayPaper, ...]
    events: tuple[Event, ...]


class ReplayRanker(Protocol):
    """Something that learns from a background and then scores candidates for histories."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    def fit(self, background: Sequence[ReplayPaper], papers: Mapping[str, ReplayPaper]) -> Scorer:
        """Learn from the background alone; vectors may be made of all papers, but must not shape the fit."""
        ...


@dataclass(frozen=True, eq=False)
class ReplaySet:
    """A set of choices. Every paper and pool that an event names is there."""

    name: str
    papers: Mapping[str, ReplayPaper]
    pools: Mapping[str, Pool]
    events: tuple[Event, ...]

    def candidates(self, event: Event) -> tuple[str, ...]:
        """List what could be chosen: the pool less the history, each paper once, in the pool's order."""
        known = frozenset(event.history)
        return tuple(paper for paper in dict.fromkeys(self.pools[event.pool].papers) if paper not in known)

    def sample(self, most: int) -> ReplaySet:
        """Keep at most so many events: drawn evenly, always the same ones, in their order."""
        if len(self.events) <= most:
            return self
        drawn = np.random.default_rng(0).choice(len(self.events), most, replace=False)
        return replace(self, events=tuple(self.events[place] for place in sorted(drawn)))

    def half(self, name: Half) -> ReplaySet:
        """Keep one of two halves of the users, told apart by a hash of set and user, so for ever the same."""
        events = (event for event in self.events if _draw_half(self.name, event.user) == name)
        return replace(self, events=tuple(events))

    def fits(self) -> Iterator[Fit]:
        """Group events by what may be learned before them, in the order of their first event.

        Events of a dated pool share the papers dated before the first day of their month; those of undated
        pools share the papers that stand in no pool.
        """
        groups: defaultdict[date | None, list[Event]] = defaultdict(list)
        for event in self.events:
            day = self.pools[event.pool].date
            groups[day and day.replace(day=1)].append(event)
        for month, events in groups.items():
            yield Fit(self._unpooled if month is None else self._before(month), tuple(events))

    def _before(self, day: date) -> tuple[ReplayPaper, ...]:
        return tuple(paper for paper in self.papers.values() if paper.date and paper.date < day)

    @cached_property
    def _unpooled(self) -> tuple[ReplayPaper, ...]:
        pooled = {paper for pool in self.pools.values() for paper in pool.papers}
        return tuple(paper for paper in self.papers.values() if paper.id not in pooled)


def _draw_half(name: str, user: str) -> Half:
    digest = hashlib.blake2b(f"{name}\0{user}".encode(), digest_size=1).digest()
    return "report" if digest[0] % 2 else "tune"

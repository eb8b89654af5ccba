"""What speaks for and against one paper, and how much each: its score taken apart, for whoever asks why.

Reads the numbers that rank; it never changes a rank, and whether the paper was picked is for the caller to
know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from scipy.optimize import isotonic_regression

from recommender.affinity import CHANCE
from recommender.diversity import DECIMALS
from recommender.history import History
from recommender.lineup import Lineup
from recommender.objections import Objection, find_objection
from recommender.rules import Rule
from recommender.score import Floats
from recommender.shelf import Shelf
from recommender.values import Candidate, Vote
from recommender.wishes import NO_WISHES, Wishes

MAX_SHARES = 5


@dataclass(frozen=True, slots=True)
class Liked:
    """A liked paper or wanted interest, and the terms that it shares with the paper, strongest first."""

    paper_id: int
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disliked:
    """A disliked paper or unwanted interest, and the terms that it shares with the paper."""

    paper_id: int
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Popularity:
    """What all the others think of the paper."""


Source: TypeAlias = Liked | Disliked | Popularity | Rule


@dataclass(frozen=True, slots=True)
class Share:
    """How much one source has to say in a paper's score.

    Attributes:
        source: Who speaks; a rule is a boost or a follow.
        part: Of all that is said, for and against, -1 to 1; below 0 where it speaks against the paper.
    """

    source: Source
    part: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a paper stands where it does.

    Attributes:
        shares: The strongest first, whichever way they speak, at most ``MAX_SHARES``; their sizes sum to at
            most 1, and the first like is that of the pick's `Reason`.
        objection: What spoke most against it, if anything did; for a paper that was passed over.
    """

    shares: tuple[Share, ...]
    objection: Objection | None


def explain(
    shelf: Shelf, votes: Sequence[Vote], candidate: Candidate, wishes: Wishes = NO_WISHES
) -> Explanation:
    """Take the score of a candidate apart, as if it had not been voted on itself.

    What each like, each dislike and the popularity bring is told by `Evidence.take_apart`; what a rule adds
    is measured among ``wishes.recent``. A like that resembles the candidate by no more than chance is counted
    but not named. A muted paper has shares as well.
    """
    others = [vote for vote in votes if vote.paper_id != candidate.paper_id]
    lineup = Lineup.of(shelf, History.of(others), [candidate])
    objection = find_objection(shelf, others, candidate.paper_id, wishes.rules)
    return Explanation(tuple(_share_out(lineup, candidate, wishes)), objection)


def _share_out(lineup: Lineup, candidate: Candidate, wishes: Wishes) -> Iterator[Share]:
    parts = lineup.evidence.take_apart(0)
    voted = [*_name_likes(lineup, parts.likes), *_name_dislikes(lineup, parts.dislikes)]
    beside = [Share(Popularity(), parts.popularity)]
    if rule := wishes.rules.find_lift(candidate.paper_id):
        beside.append(Share(rule, _weigh_lift(lineup, candidate, wishes)))
    whole = np.abs([*parts.likes, *parts.dislikes, *(share.part for share in beside)]).sum()
    said = (share for share in (*voted, *beside) if share.part)
    for share in sorted(said, key=lambda share: -abs(share.part))[:MAX_SHARES]:
        yield Share(_tell(share.source, lineup), float(share.part / whole))


def _name_likes(lineup: Lineup, parts: Floats) -> Iterator[Share]:
    """Name the likes that speak for the one candidate of a lineup, in the order that a reason is chosen by.

    That order is by leaving each out, which asks another question than what each brings: a like may bring
    much and, beside others as good, be missed little. Parts that contradict it are evened out (isotonic
    regression: Barlow and others 1972, "Statistical inference under order restrictions"), so that what is
    named first is the reason.
    """
    if lineup.explain(0) is None:
        return
    without = np.round(lineup.evidence.scores_without_each_like(0), DECIMALS)
    order = np.argsort(without, kind="stable")
    evened = isotonic_regression(parts[order], increasing=False).x
    beyond_chance = lineup.evidence.likes[order, 0] > CHANCE
    beyond_chance[0] = True  # the reason itself
    for place, part in zip(order[beyond_chance], evened[beyond_chance], strict=True):
        if part > 0:
            yield Share(Liked(lineup.history.likes.paper_ids[place]), float(part))


def _name_dislikes(lineup: Lineup, parts: Floats) -> Iterator[Share]:
    for paper_id, part in zip(lineup.history.dislikes.paper_ids, parts, strict=True):
        yield Share(Disliked(paper_id), float(part))


def _weigh_lift(lineup: Lineup, candidate: Candidate, wishes: Wishes) -> float:
    """Measure what the rules add to the candidate's score among recent papers."""
    beside = Lineup.of(lineup.shelf, lineup.history, [candidate, *wishes.recent])
    lifted = wishes.rules.boosted(beside.paper_ids, beside.scores) - beside.scores
    return float(lifted[beside.paper_ids.index(candidate.paper_id)])


def _tell(source: Source, lineup: Lineup) -> Source:
    """Add the terms that a voted paper shares with the candidate."""
    if isinstance(source, Liked | Disliked):
        return replace(source, terms=lineup.shared_terms(source.paper_id, 0))
    return source

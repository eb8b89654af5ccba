"""From votes and candidates to picks: the door of this package for one reader.

Decides who may be picked, in which slot and in which order; the numbers come from the lineup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.affinity import affinity
from recommender.diversity import BREADTH, DECIMALS, choose_diverse
from recommender.exploration import doubt, explore
from recommender.history import History
from recommender.lineup import Lineup
from recommender.rules import Rulebook
from recommender.shelf import Shelf
from recommender.values import Candidate, Pick, Slot, Vote
from recommender.wishes import NO_WISHES, Wishes

Places: TypeAlias = npt.NDArray[np.intp]

# Exploring looks beyond a taste, so there must be one, and it is no whole digest.
LEAST_LIKES = 3
LEAST_PICKS = 2


def recommend(
    shelf: Shelf, votes: Sequence[Vote], candidates: Sequence[Candidate], n: int, wishes: Wishes = NO_WISHES
) -> list[Pick]:
    """Pick at most n of the candidates for a chat with these votes, best first.

    A candidate that was voted on or muted is never picked, and none is picked twice. Without a like the picks
    follow the trending order, less what resembles the dislikes; with likes they follow the score, near-copies
    apart. Boosts and follows lift either way, and what is followed passes any threshold.

    A pick that resembles no like by more than chance has no reason, and stands in slot ``trending`` unless a
    rule lifted it: what was asked for is taste, liked before or not. A paper that is not on the shelf counts
    as a text without a word. Votes are read in the order of their time, candidates in none; equal scores
    stand in trending order.

    With at least ``LEAST_LIKES`` likes the last of at least ``LEAST_PICKS`` picks may give way to one in slot
    ``explore``, which need not pass the threshold.

    Returns:
        n picks, or all there are that pass the threshold; none where n is zero or less.
    """
    if n <= 0:
        return []
    history = History.of(votes)
    barred = history.voted | wishes.rules.muted()
    lineup = Lineup.of(shelf, history, (paper for paper in candidates if paper.paper_id not in barred))
    boosted = wishes.rules.boosted(lineup.paper_ids, lineup.scores)
    lineup = replace(lineup, scores=np.round(boosted, DECIMALS))
    if not history.likes.paper_ids:
        return [_pick(lineup, place, wishes.rules) for place in _choose_best(lineup, n)]
    chosen = _choose_apart(lineup, _find_strong(lineup, candidates, wishes), n)
    picks = [_pick(lineup, place, wishes.rules) for place in chosen]
    explored = _explore(lineup, chosen, wishes)
    return [*picks[:-1], explored] if explored else picks


def _find_strong(lineup: Lineup, candidates: Sequence[Candidate], wishes: Wishes) -> Places:
    """Find what is followed or passes the threshold, beside recent papers as the votes alone score them."""
    if wishes.threshold is None:
        return np.arange(len(lineup.paper_ids))
    recent = Lineup.of(lineup.shelf, lineup.history, [*candidates, *wishes.recent])
    followed = wishes.rules.followed()
    wanted = np.array([paper_id in followed for paper_id in lineup.paper_ids], dtype=np.bool_)
    return np.flatnonzero(wanted | wishes.threshold.passes(lineup.scores, recent.scores))


def _choose_best(lineup: Lineup, n: int) -> Places:
    return np.argsort(-lineup.scores, kind="stable")[:n]


def _choose_apart(lineup: Lineup, strong: Places, n: int) -> list[int]:
    best = strong[np.argsort(-lineup.scores[strong], kind="stable")][: n * BREADTH]
    near = lineup.vectors.take(best)
    return [int(best[place]) for place in choose_diverse(lineup.scores[best], affinity(near, near), n)]


def _pick(lineup: Lineup, place: int, rules: Rulebook) -> Pick:
    paper_id, score = lineup.paper_ids[place], float(lineup.scores[place])
    reason, rule = lineup.explain(place), rules.find_lift(paper_id)
    slot = Slot.TASTE if reason or rule else Slot.TRENDING
    return Pick(paper_id, score, slot, reason, rule=rule)


def _explore(lineup: Lineup, chosen: Sequence[int], wishes: Wishes) -> Pick | None:
    likes, evidence = lineup.history.likes.paper_ids, lineup.evidence
    if wishes.draw is None or len(likes) < LEAST_LIKES or len(chosen) < LEAST_PICKS:
        return None
    explored = explore(lineup.scores, doubt(evidence.likes, evidence.dislikes), chosen, wishes.draw)
    if explored is None:
        return None
    pick = _pick(lineup, explored.place, wishes.rules)
    return replace(pick, slot=Slot.EXPLORE, propensity=explored.propensity)

"""What spoke against a paper: the other half of reasons, for whoever asks why it was not picked.

Reads the numbers that rank a paper. Whether it was passed over at all is for the caller to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from recommender.affinity import CHANCE
from recommender.history import History
from recommender.lineup import Lineup
from recommender.reasons import find_strongest_dislike
from recommender.rules import NO_RULES, Rule, Rulebook
from recommender.shelf import Shelf
from recommender.values import Candidate, Vote


@dataclass(frozen=True, slots=True)
class Muted:
    """A rule of the reader's keeps it out."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class LikeDisliked:
    """It resembles a disliked paper beyond chance, in these terms, the strongest first."""

    paper_id: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnlikeLiked:
    """It resembles no liked paper beyond chance."""


Objection: TypeAlias = Muted | LikeDisliked | UnlikeLiked


def find_objection(
    shelf: Shelf, votes: Sequence[Vote], paper_id: int, rules: Rulebook = NO_RULES
) -> Objection | None:
    """Find what spoke most against a paper: a rule, else a dislike, else that no like speaks for it.

    None where nothing did, as for a reader without votes: others were better.
    """
    if rule := rules.find_mute(paper_id):
        return Muted(rule)
    lineup = Lineup.of(shelf, History.of(votes), [Candidate(paper_id)])
    if lineup.evidence.dislikes.any():
        return _name_dislike(lineup)
    likes = lineup.evidence.likes
    return UnlikeLiked() if len(likes) and likes.max() <= CHANCE else None


def _name_dislike(lineup: Lineup) -> LikeDisliked:
    disliked = lineup.history.dislikes.paper_ids[find_strongest_dislike(lineup.evidence, 0)]
    return LikeDisliked(disliked, lineup.shared_terms(disliked, 0))

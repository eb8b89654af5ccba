"""What is asked of a digest beside the votes: how strong its picks must be, what is out, whether to explore.

Only values: ``recommend`` grants them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.rules import NO_RULES, Rulebook
from recommender.threshold import Threshold
from recommender.values import Candidate


@dataclass(frozen=True, slots=True)
class Wishes:
    """As it stands, nothing is asked for: every candidate is strong enough, and all picks are by score.

    Attributes:
        rules: What the reader muted and boosted, and whom they follow.
        threshold: What a candidate must reach, for a reader whose taste is known; None for no threshold.
        recent: All recent papers, shown, voted on or neither: the threshold compares candidates with them.
        draw: A number from 0 up to, but not including, 1 that decides whether and what to explore; None for
            never.
    """

    rules: Rulebook = NO_RULES
    threshold: Threshold | None = None
    recent: Sequence[Candidate] = ()
    draw: float | None = None


NO_WISHES = Wishes()

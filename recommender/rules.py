"""What a reader said outright: phrases whose papers are muted or boosted, authors who are followed.

It changes what was scored and learns nothing. How a phrase is met is the concordance's affair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.concordance import Concordance, Field
from recommender.values import Paper

Floats: TypeAlias = npt.NDArray[np.float64]

# What a boost or a follow adds, in standard deviations of the candidates' scores: an average paper then
# passes nine in ten.
BOOST = 1.5
# The least that counts as one standard deviation, so that a boost decides between equals.
LEAST_SPREAD = 0.01


# Of one chat, and so of a file that it takes along.
MOST_RULES = 100


class RuleKind(StrEnum):
    """What becomes of the papers that a rule meets: out, lifted, or lifted and strong enough for any day."""

    MUTE = "mute"
    BOOST = "boost"
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class Rule:
    """One wish of one reader; a follow that does not say where to look looks at the authors."""

    kind: RuleKind
    phrase: str
    field: Field = Field.ANY

    def __post_init__(self) -> None:
        if self.kind is RuleKind.FOLLOW and self.field is Field.ANY:
            object.__setattr__(self, "field", Field.AUTHOR)


@dataclass(frozen=True, eq=False, slots=True)
class Rulebook:
    """The rules of one reader, and the papers that they are held against; no rule meets any other paper.

    Attributes:
        rules: In no order.
        papers: The words of papers, read once for all readers.
        paper_ids: The ids of these papers, by their place in the concordance.
    """

    rules: Sequence[Rule]
    papers: Concordance
    paper_ids: Sequence[int]

    @classmethod
    def of(cls, rules: Sequence[Rule], papers: Mapping[int, Paper]) -> Rulebook:
        """Hold rules against papers, given by id."""
        return cls(rules, Concordance.of(list(papers.values())), list(papers))

    def muted(self) -> set[int]:
        """Find the ids of the papers that a rule mutes; neither a boost nor a follow brings one back."""
        return self._met(RuleKind.MUTE)

    def followed(self) -> set[int]:
        """Find the ids of the papers that a follow meets, muted ones too."""
        return self._met(RuleKind.FOLLOW)

    def boosted(self, paper_ids: Sequence[int], scores: Floats) -> Floats:
        """Add what boosts and follows bring to the scores of some papers: (n_papers,).

        A paper that is met gains ``BOOST`` standard deviations of the scores given, once, however many rules
        meet it. Scores must be finite; they are not changed in place.
        """
        met = self._met(RuleKind.BOOST) | self.followed()
        spread = max(float(scores.std()), LEAST_SPREAD) if len(scores) else LEAST_SPREAD
        return scores + BOOST * spread * np.array([paper_id in met for paper_id in paper_ids], np.float64)

    def find_mute(self, paper_id: int) -> Rule | None:
        """Find the first rule that mutes a paper; None where it is not muted."""
        return self._find_first(paper_id, RuleKind.MUTE)

    def find_lift(self, paper_id: int) -> Rule | None:
        """Find the first follow that meets a paper, else the first boost; None where it gains nothing."""
        follow = self._find_first(paper_id, RuleKind.FOLLOW)
        return follow or self._find_first(paper_id, RuleKind.BOOST)

    def _find_first(self, paper_id: int, kind: RuleKind) -> Rule | None:
        rules = (rule for rule in self.rules if rule.kind is kind)
        return next((rule for rule in rules if paper_id in self._find(rule)), None)

    def _met(self, kind: RuleKind) -> set[int]:
        found = [self._find(rule) for rule in self.rules if rule.kind is kind]
        return set().union(*found)

    def _find(self, rule: Rule) -> set[int]:
        return {self.paper_ids[place] for place in self.papers.find(rule.phrase, rule.field)}


NO_RULES = Rulebook.of((), {})

"""What a reader said outright: phrases whose papers are muted or boosted, whatever the votes say.

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

# What a boost adds, in standard deviations of the candidates' scores: an average paper passes nine in ten.
BOOST = 1.5
# The least that counts as one standard deviation, so that a boost decides between equals.
LEAST_SPREAD = 0.01


class RuleKind(StrEnum):
    """What becomes of the papers that a rule meets."""

    MUTE = "mute"
    BOOST = "boost"


@dataclass(frozen=True, slots=True)
class Rule:
    """One wish of one reader."""

    kind: RuleKind
    phrase: str
    field: Field = Field.ANY


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
        """Find the ids of the papers that a rule mutes; a boost brings none of them back."""
        return self._met(RuleKind.MUTE)

    def boosted(self, paper_ids: Sequence[int], scores: Floats) -> Floats:
        """Add the boosts to the scores of some papers: (n_papers,).

        A boosted paper gains ``BOOST`` standard deviations of the scores given, once, however many rules meet
        it. Scores must be finite; they are not changed in place.
        """
        met = self._met(RuleKind.BOOST)
        spread = max(float(scores.std()), LEAST_SPREAD) if len(scores) else LEAST_SPREAD
        return scores + BOOST * spread * np.array([paper_id in met for paper_id in paper_ids], np.float64)

    def find_mute(self, paper_id: int) -> Rule | None:
        """Find the first rule that mutes a paper; None where it is not muted."""
        mutes = (rule for rule in self.rules if rule.kind is RuleKind.MUTE)
        return next((rule for rule in mutes if paper_id in self._find(rule)), None)

    def _met(self, kind: RuleKind) -> set[int]:
        found = [self._find(rule) for rule in self.rules if rule.kind is kind]
        return set().union(*found)

    def _find(self, rule: Rule) -> set[int]:
        return {self.paper_ids[place] for place in self.papers.find(rule.phrase, rule.field)}


NO_RULES = Rulebook.of((), {})

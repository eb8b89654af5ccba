"""What many readers say and ask for at once, as arrays: the votes of each, and the wishes beside them.

Only values, in the ids of papers: what the votes are worth, and who is picked for whom, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.rules import Rulebook
from recommender.threshold import Threshold

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Votes:
    """The votes of many readers, one entry a vote, by reader and then newest first.

    Attributes:
        readers: The row of the reader, ascending from 0: (n_votes,).
        paper_ids: An interest's id, below zero, where it stands in for a vote: (n_votes,).
        up: Whether it is for the paper: (n_votes,).
    """

    readers: Ints
    paper_ids: Ints
    up: Bools


@dataclass(frozen=True, eq=False, slots=True)
class Asking:
    """What many readers ask for; `Wishes` for each of them, less what all share.

    Attributes:
        votes: What they voted.
        given: Pairs, in any order, of a reader's row and a paper that was or will be brought to that reader
            anyway; papers beside the offer's are overlooked.
        n: How many picks each wants: (n_readers,).
        thresholds: What a candidate must reach, one a reader; cheapest where readers share the objects.
        draws: One a reader, as in `Wishes`; None where nobody explores: (n_readers,).
        rulebooks: By the row of the reader, of those who have rules; held against all papers of the offer.
        older: Pairs, in any order, of a reader's row and an older paper of the offer, which is a candidate of
            those alone who ask for it; None where nobody does.
    """

    votes: Votes
    given: tuple[Ints, Ints]
    n: Ints
    thresholds: Sequence[Threshold | None]
    draws: Floats | None
    rulebooks: Mapping[int, Rulebook]
    older: tuple[Ints, Ints] | None = None

    def __len__(self) -> int:
        """Count the readers."""
        return len(self.n)

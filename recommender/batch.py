"""From the votes of many readers to the picks of each: what ``recommend`` does for one, all at once.

K is shared, so a reader costs one row of a sparse product, a short sort and a few sums; there is nothing to
train. Owns who is ranked together, the memory that this takes, and what is told of a pick. For any reader the
picks are those of ``recommend``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from recommender.ballots import Ballots
from recommender.choosing import choose, explore
from recommender.crowd import Crowd
from recommender.diversity import NOTHING
from recommender.electorate import Asking
from recommender.lineups import Access, Lineups
from recommender.offer import Offer
from recommender.rules import Rulebook
from recommender.values import Pick, Reason, Slot

Ints = npt.NDArray[np.int64]

_CELLS = 200_000  # numbers in an array of one chunk: a few such arrays stay in a processor's own cache


def recommend_all(offer: Offer, asking: Asking) -> list[list[Pick]]:
    """Pick for each reader, in their order, best first, what ``recommend`` would.

    A reader's candidates are the recent papers of the offer and those older ones that they ask for, less
    those given; ``Wishes.recent`` are all recent ones. The offer must have been extended by all that is voted
    on.

    Raises:
        ValueError: It was not.
    """
    picks: list[list[Pick]] = [[] for _ in range(len(asking))]
    rows = offer.voices.rows_of(asking.votes.paper_ids)
    ballots = Ballots.of(asking.votes, rows, (len(asking), len(offer.voices)))
    access = Access.of(offer, asking)
    wanted = np.minimum(asking.n, len(offer))
    for readers in _gather_chunks(ballots.lengths(), wanted, len(offer)):
        n = int(wanted[readers[0]])
        chunk = _recommend_some(offer, asking, ballots.take(readers), access.take(readers), readers, n)
        for reader, found in zip(readers.tolist(), chunk, strict=True):
            picks[reader] = found
    return picks


def _gather_chunks(lengths: Ints, wanted: Ints, candidates: int) -> Iterator[Ints]:
    """Gather readers who want as many picks and have about as many votes, so few that arrays stay small.

    Those to whom no pick can be given are left out.
    """
    order = np.lexsort((-lengths, wanted))
    wanted, lengths = wanted[order], lengths[order]
    start = int(np.searchsorted(wanted, 0, side="right"))
    while start < len(order):
        cells = max(candidates, int(wanted[start] * lengths[start]))
        alike = int(np.searchsorted(wanted, wanted[start], side="right"))
        end = min(alike, start + max(1, _CELLS // cells))
        yield order[start:end]
        start = end


def _recommend_some(  # noqa: PLR0913, PLR0917 - a crowd's worth
    offer: Offer, asking: Asking, ballots: Ballots, access: Access, readers: Ints, n: int
) -> list[list[Pick]]:
    """Pick for some readers, in their order, n for each or as many as there are."""
    crowd = Crowd.of(offer.voices, offer.prior, ballots)
    lineups = Lineups.of(offer.paper_ids, asking, readers, crowd.scores(), access)
    places = choose(crowd, lineups, offer.alike, n)
    draws = np.ones(len(readers)) if asking.draws is None else asking.draws[readers]
    places, propensities = explore(crowd, lineups, places, draws)
    rows, turns = np.nonzero(places != NOTHING)
    shown, likes = places[rows, turns], crowd.find_reasons(places)[rows, turns]
    books = [asking.rulebooks.get(reader) for reader in readers[rows].tolist()]
    picks = _tell(
        offer.paper_ids[shown].tolist(),
        lineups.scores[rows, shown].tolist(),
        _explain(offer, likes, shown),
        propensities[rows, turns].tolist(),
        books,
    )
    ends = np.searchsorted(rows, np.arange(len(readers) + 1)).tolist()
    return [picks[start:end] for start, end in pairwise(ends)]


def _tell(
    paper_ids: Sequence[int],
    scores: Sequence[float],
    reasons: Sequence[Reason | None],
    propensities: Sequence[float],
    rulebooks: Sequence[Rulebook | None],
) -> list[Pick]:
    """Make picks, of which all is given in the same order."""
    rules = [book and book.find_lift(id_) for id_, book in zip(paper_ids, rulebooks, strict=True)]
    chances = [None if np.isnan(chance) else chance for chance in propensities]
    slots = [
        Slot.EXPLORE if chance else Slot.TASTE if reason or rule else Slot.TRENDING
        for chance, reason, rule in zip(chances, reasons, rules, strict=True)
    ]
    return list(map(Pick, paper_ids, scores, slots, reasons, chances, rules))


def _explain(offer: Offer, likes: Ints, places: Ints) -> list[Reason | None]:
    """Give the reason of each pick by the row of the like that it hangs on, ``NOTHING`` for none."""
    pairs, pair_of = np.unique(likes * len(offer) + places, return_inverse=True)
    rows, shown = np.divmod(pairs, len(offer))
    spoken = np.flatnonzero(rows >= 0)
    liked = offer.voices.ids[rows[spoken]].tolist()
    reasons: list[Reason | None] = [None] * (len(pairs) - len(spoken))
    reasons += map(Reason, liked, offer.share_terms(liked, shown[spoken]))
    return [reasons[pair] for pair in pair_of.tolist()]

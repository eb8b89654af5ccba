"""The terms that tell most of one paper: what a reader may mute who wants less of its kind."""

from __future__ import annotations

from recommender.concordance import Concordance
from recommender.reasons import choose_terms
from recommender.shelf import Shelf
from recommender.terms import is_general
from recommender.values import Paper


def find_telling_terms(shelf: Shelf, paper_id: int, paper: Paper, n: int) -> tuple[str, ...]:
    """Name at most n words or pairs of a paper, the most telling first.

    Each is one by which a rule would meet the paper, and none has a general word in it: not "results", nor
    "diffusion results". A paper that is not on the shelf has none.
    """
    words = shelf.vectors_of([paper_id]).words.tocoo()
    weights = dict(zip(shelf.space.terms(words.col), words.data.tolist(), strict=True))
    literally = Concordance.of([paper])
    shares = {
        term: weight**2
        for term, weight in weights.items()
        if literally.find(term) and not any(map(is_general, term.split()))
    }
    return choose_terms(shares, n)

"""Why a paper was picked or passed over: the voted one that it hangs on most, and the terms that they share.

Reads the same numbers that ranked the pick; it never changes a rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from recommender.diversity import DECIMALS
from recommender.features import FeatureSpace
from recommender.glossary import Glossary
from recommender.score import Evidence
from recommender.vectors import Vectors

MAX_TERMS = 3


def find_strongest_like(evidence: Evidence, candidate: int) -> int:
    """Find the like without which the candidate's score would be lowest, the newest of equals."""
    return int(np.argmin(np.round(evidence.scores_without_each_like(candidate), DECIMALS)))


def find_strongest_dislike(evidence: Evidence, candidate: int) -> int:
    """Find the dislike without which the candidate's score would be highest, the newest of equals."""
    scores = [
        replace(
            evidence,
            dislikes=np.delete(evidence.dislikes, row, axis=0),
            dislike_counts=np.delete(evidence.dislike_counts, row),
        ).scores()[candidate]
        for row in range(len(evidence.dislikes))
    ]
    return int(np.argmax(np.round(scores, DECIMALS)))


def share_terms(space: FeatureSpace, liked: Vectors, pick: Vectors) -> tuple[str, ...]:
    """Name at most ``MAX_TERMS`` telling terms that stand in both texts, strongest first.

    A term's strength is its share of what the two share; that of a pair counts its two words in. Where a term
    is named, none of its words is named again. Both rows are single; no telling term shared gives none.
    """
    products = liked.words.multiply(pick.words).tocoo()
    return choose_terms(dict(zip(space.terms(products.col), products.data.tolist(), strict=True)))


def choose_terms(shares: Mapping[str, float], n: int = MAX_TERMS) -> tuple[str, ...]:
    """Choose at most n of words and pairs, each with its own share of the cosine; ties by the alphabet.

    A word and its plural count as the same word where repetition is avoided.
    """
    terms = np.arange(len(shares))
    weights = np.array(list(shares.values()), dtype=np.float64)
    (chosen,) = Glossary.of(list(shares)).choose(np.zeros_like(terms), terms, weights, (1, n))
    return chosen

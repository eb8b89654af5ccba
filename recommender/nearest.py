"""The papers of a shelf that are nearest to one row: for searching, and for more of the same.

Owns the looking about; it knows no reader. What a phrase's row is, ``first_history`` tells.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.affinity import CHANCE, affinity
from recommender.diversity import DECIMALS
from recommender.reasons import share_terms
from recommender.shelf import Shelf
from recommender.vectors import Vectors

Floats: TypeAlias = npt.NDArray[np.float32]
Places: TypeAlias = npt.NDArray[np.intp]

# How far single precision may stray, in units of chance; what it lets in is measured again.
_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Similar:
    """A paper near to another, and the words that the two share, strongest first."""

    paper_id: int
    terms: tuple[str, ...] = ()


def find_nearest(shelf: Shelf, row: Vectors, limit: int, exclude: Collection[int] = ()) -> list[int]:
    """Find at most ``limit`` papers that a row speaks for by more than chance, the nearest first.

    Equals stand in the order of their ids. What readers stated may stand on the shelf, but is no paper.
    """
    rows, affinities = find_beyond_chance(shelf.vectors, row)
    ids = np.array(list(shelf.rows), dtype=np.int64)[rows]
    nearest = ids[np.lexsort((ids, -np.round(affinities, DECIMALS)))].tolist()
    return [paper_id for paper_id in nearest if paper_id >= 0 and paper_id not in exclude][: max(limit, 0)]


def find_similar(shelf: Shelf, paper_id: int, limit: int, exclude: Collection[int] = ()) -> list[Similar]:
    """Find at most ``limit`` papers that resemble one by more than chance, itself apart, the nearest first.

    None resembles a paper that is not on the shelf, or has no word to be known by.
    """
    row = shelf.vectors_of([paper_id])
    nearest = find_nearest(shelf, row, limit, {paper_id, *exclude})
    return [Similar(near, share_terms(shelf.space, row, shelf.vectors_of([near]))) for near in nearest]


def find_beyond_chance(vectors: Vectors, row: Vectors) -> tuple[Places, Floats]:
    """Find the places of the vectors that a row speaks for by more than chance, and how much it does."""
    signed = row.dense[0] * np.where(np.arange(row.dense.shape[1]) == 0, -1, 1).astype(np.float32)
    # A quick look at all, then a true one at the tenth that may be near: K's own cap only lowers it further.
    products = vectors.words @ row.words.toarray()[0] + vectors.dense @ signed
    places = np.flatnonzero(products > CHANCE - _SLACK)
    affinities = affinity(row, vectors.take(places))[0]
    beyond = affinities > CHANCE
    return places[beyond], affinities[beyond]

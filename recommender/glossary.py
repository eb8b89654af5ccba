"""Some terms, read once so that the telling ones among them can be chosen for many pairs of papers at once.

Owns which of the terms that two papers share are named. What a term weighs is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.terms import is_telling

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_NONE = -1
_WORDS = 2  # at most, of a term


@dataclass(frozen=True, eq=False, slots=True)
class Glossary:
    """Words and pairs of words, each once.

    Attributes:
        names: The terms.
        telling: Whether a term says something to a reader: (n_terms,).
        words: Of a pair the places of its words among the terms; else, and of words that are none, -1:
            (2, n_terms).
        stems: The numbers of the words of each term, a plural's that of its singular; of a single word twice:
            (2, n_terms).
        ranks: Where each stands in the alphabet: (n_terms,).
    """

    names: Sequence[str]
    telling: Bools
    words: Ints
    stems: Ints
    ranks: Ints

    @classmethod
    def of(cls, names: Sequence[str]) -> Glossary:
        """Read terms."""
        places = {name: place for place, name in enumerate(names)}
        words = np.full((_WORDS, len(names)), _NONE, dtype=np.int64)
        stems = np.zeros((_WORDS, len(names)), dtype=np.int64)
        numbers: dict[str, int] = {}
        for place, name in enumerate(names):
            parts = name.split()
            stems[:, place] = [numbers.setdefault(word.removesuffix("s"), len(numbers)) for word in parts]
            if len(parts) == _WORDS:
                words[:, place] = [places.get(word, _NONE) for word in parts]
        telling = np.array([is_telling(name) for name in names], dtype=np.bool_)
        ranks = np.argsort(sorted(range(len(names)), key=names.__getitem__))
        return cls(names, telling, words, stems, ranks)

    def choose(
        self, rows: Ints, terms: Ints, shares: Floats, shape: tuple[int, int]
    ) -> list[tuple[str, ...]]:
        """Choose for each row its strongest telling terms, by strength and then by the alphabet.

        A term's strength is its share; that of a pair counts its two words in. Where a term is named, none of
        its words, nor the plural of one, is named again.

        Args:
            rows: Ascending: (n_shares,).
            terms: Ascending within a row: (n_shares,).
            shares: What each brings to what the row's two papers share: (n_shares,).
            shape: How many rows there are, and how many terms may be named in each.
        """
        strengths = shares + self._weigh_words(rows, terms, shares)
        telling = self.telling[terms]
        rows, terms, strengths = rows[telling], terms[telling], strengths[telling]
        chosen = np.full(shape, _NONE)
        for turn in range(shape[1]):
            leading = self._find_leading(rows, terms, strengths)
            chosen[rows[leading], turn] = terms[leading]
            left = ~self._share_word(terms, chosen[rows, turn])
            rows, terms, strengths = rows[left], terms[left], strengths[left]
        return [tuple(self.names[term] for term in row if term != _NONE) for row in chosen.tolist()]

    def _weigh_words(self, rows: Ints, terms: Ints, shares: Floats) -> Floats:
        """Add up what the words of each pair bring to the same row; nothing for a single word."""
        cells, added = rows * len(self.names) + terms, np.zeros(len(shares))
        for words in self.words[:, terms]:
            there = np.flatnonzero(words != _NONE)
            sought = rows[there] * len(self.names) + words[there]
            found = np.minimum(np.searchsorted(cells, sought), len(cells) - 1)
            added[there] += np.where(cells[found] == sought, shares[found], 0)
        return added

    def _find_leading(self, rows: Ints, terms: Ints, strengths: Floats) -> npt.NDArray[np.intp]:
        """Find the entry of the strongest term of each row that has one, of equals the first by alphabet."""
        starts = _find_starts(rows)
        if not len(starts):
            return starts
        strongest = np.maximum.reduceat(strengths, starts)
        equals = np.flatnonzero(strengths == np.repeat(strongest, np.diff(starts, append=len(rows))))
        equals = equals[np.lexsort((self.ranks[terms[equals]], rows[equals]))]
        return equals[_find_starts(rows[equals])]

    def _share_word(self, terms: Ints, others: Ints) -> Bools:
        """Tell which terms have a word of the other."""
        (one, two), (other, another) = self.stems[:, terms], self.stems[:, others]
        shared: Bools = (one == other) | (one == another) | (two == other) | (two == another)
        return shared


def _find_starts(rows: Ints) -> npt.NDArray[np.intp]:
    """Find where each row begins."""
    return np.flatnonzero(np.diff(rows, prepend=_NONE))

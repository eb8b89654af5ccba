"""The words and word pairs that a corpus is described by, and how often each stands in a text.

A pair is two words next to each other, at most punctuation between, neither a stop word. scikit-learn's
``CountVectorizer`` makes a string of every pair that it meets, which is most of its time and memory; here a
word is its number and a pair one integer made of two, so that numpy and scipy do the counting. Nothing is
weighed here.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack

from recommender.terms import fold_plural, may_be_subject, words_of

Ints: TypeAlias = npt.NDArray[np.int64]

MAX_WORDS = 20_000
MAX_PAIRS = 30_000
# In fewer texts than this, a term that stands in only one of them may be all that there is.
COMMON_FROM = 500

_CHUNK = 1_000  # texts counted at once: bounds the memory
_UNKNOWN = -1
_SILENT = 0  # the number that all words share that can be no feature


@dataclass(frozen=True, eq=False, slots=True)
class Vocabulary:
    """The known terms: columns are the words in their order, then the pairs in theirs.

    Attributes:
        words: The number of each spelling, counted from zero; a word and its plural share one.
        spellings: The commonest spelling of each number.
        pairs: Codes of two word numbers, ``first * len(spellings) + second``, ascending.
    """

    words: dict[str, int]
    spellings: tuple[str, ...]
    pairs: Ints

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Vocabulary:
        """Choose the terms that stand in the most texts; of equals, the words met first.

        From ``COMMON_FROM`` texts on, a term must stand in two of them. Texts without a word give no terms.
        """
        least = 2 if len(texts) >= COMMON_FROM else 1
        met: defaultdict[str, int] = defaultdict()
        met.default_factory = met.__len__
        spelled, rows = _flatten(map(met.__getitem__, words_of(text)) for text in texts)
        folded = _fold(met)
        numbers = folded[spelled]
        spread = _count_texts(rows, numbers, len(met) + 1)
        spread[_SILENT] = 0
        chosen = _commonest(spread, least, MAX_WORDS)
        renumbered = np.full(len(spread), _UNKNOWN)
        renumbered[chosen] = np.arange(len(chosen))
        words = {word: int(renumbered[folded[number]]) for word, number in met.items()}
        words = {word: number for word, number in words.items() if number != _UNKNOWN}
        often = np.bincount(spelled, minlength=len(met))
        spellings = _choose_spellings(words, [int(often[met[word]]) for word in words])
        return cls(words, spellings, _choose_pairs(renumbered[numbers], rows, len(chosen), least))

    def __len__(self) -> int:
        """Count the columns."""
        return len(self.spellings) + len(self.pairs)

    def count(self, texts: Sequence[str]) -> csr_matrix:
        """Count the terms of each text: (len(texts), len(self)), float32."""
        chunks = [self._count_chunk(texts[start : start + _CHUNK]) for start in range(0, len(texts), _CHUNK)]
        return vstack(chunks, format="csr") if chunks else csr_matrix((0, len(self)), dtype=np.float32)

    def names(self, columns: Iterable[int]) -> list[str]:
        """Name columns in words: ``"diffusion"``, ``"video diffusion"``."""
        return [self._name(int(column)) for column in columns]

    def _name(self, column: int) -> str:
        words = self.spellings
        if column < len(words):
            return words[column]
        first, second = divmod(int(self.pairs[column - len(words)]), len(words))
        return f"{words[first]} {words[second]}"

    def _count_chunk(self, texts: Sequence[str]) -> csr_matrix:
        numbers, rows = _flatten(map(self.words.get, words_of(text), repeat(_UNKNOWN)) for text in texts)
        codes, code_rows = _pair_up(numbers, rows, len(self.spellings))
        places = np.searchsorted(self.pairs, codes)
        paired = np.append(self.pairs, _UNKNOWN)[places] == codes
        known = numbers != _UNKNOWN
        columns = np.concatenate([numbers[known], places[paired] + len(self.spellings)])
        return _tally(np.concatenate([rows[known], code_rows[paired]]), columns, (len(texts), len(self)))


def _flatten(texts: Iterable[Iterable[int]]) -> tuple[Ints, Ints]:
    """Lay the numbers of all texts in a line; beside each, the row of its text."""
    line = array("q")
    ends = [0]
    for numbers in texts:
        line.extend(numbers)
        ends.append(len(line))
    return np.array(line, dtype=np.int64), np.repeat(np.arange(len(ends) - 1), np.diff(ends))


def _fold(words: Iterable[str]) -> Ints:
    """Number words, those alike but for a plural s the same."""
    numbers: dict[str, int] = {}
    folded = [
        numbers.setdefault(fold_plural(word), len(numbers) + 1) if may_be_subject(word) else _SILENT
        for word in words
    ]
    return np.array(folded, dtype=np.int64)


def _choose_spellings(words: Mapping[str, int], often: Sequence[int]) -> tuple[str, ...]:
    """Choose for each number the spelling that was met most often, of equals the first."""
    best: dict[int, tuple[int, str]] = {}
    for (word, number), count in zip(words.items(), often, strict=True):
        if number not in best or count > best[number][0]:
            best[number] = count, word
    return tuple(best[number][1] for number in sorted(best))


def _pair_up(numbers: Ints, rows: Ints, words: int) -> tuple[Ints, Ints]:
    """Code each two known words that are neighbours in a text; beside each code, its row."""
    neighbours = (numbers[:-1] != _UNKNOWN) & (numbers[1:] != _UNKNOWN) & (rows[:-1] == rows[1:])
    return (numbers[:-1] * words + numbers[1:])[neighbours], rows[:-1][neighbours]


def _choose_pairs(numbers: Ints, rows: Ints, words: int, least: int) -> Ints:
    codes, code_rows = _pair_up(numbers, rows, words)
    known, places = np.unique(codes, return_inverse=True)
    return np.sort(known[_commonest(_count_texts(code_rows, places, len(known)), least, MAX_PAIRS)])


def _tally(rows: Ints, columns: Ints, shape: tuple[int, int]) -> csr_matrix:
    return csr_matrix((np.ones(len(columns), dtype=np.float32), (rows, columns)), shape=shape)


def _count_texts(rows: Ints, columns: Ints, width: int) -> Ints:
    """Count for each column the rows that it stands in."""
    height = int(rows[-1]) + 1 if len(rows) else 0
    return np.bincount(_tally(rows, columns, (height, width)).indices, minlength=width)


def _commonest(spread: Ints, least: int, most: int) -> Ints:
    """List the columns that stand in ``least`` texts or more: the ``most`` commonest, ties by column."""
    order = np.argsort(-spread, kind="stable")[:most]
    return order[spread[order] >= least]

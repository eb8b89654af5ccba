"""What the votes of some readers say of all candidates: ``score.Evidence`` for many readers at once.

Here is the formula of ``score`` over arrays, a row a reader. Which readers are heard together, and what
becomes of their scores, is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from recommender.affinity import CHANCE
from recommender.ballots import Ballots
from recommender.diversity import DECIMALS, NOTHING
from recommender.score import HALF_LIFE, PRIOR, SHARPNESS
from recommender.voices import NOBODY, Voices

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CHANCE = np.exp(SHARPNESS * CHANCE)


@dataclass(frozen=True, eq=False, slots=True)
class Side:
    """The likes of some readers, or their dislikes, in columns: (longest, n_readers), newest first.

    Attributes:
        rows: Which row of the voices; below a shorter history that of nobody.
        counts: How many votes; there none.
        weights: The same, fading with age.
        votes: How many votes in all: (n_readers, 1).
    """

    rows: Ints
    counts: Floats
    weights: Floats
    votes: Floats

    @classmethod
    def of(cls, opinions: csr_matrix) -> Side:
        """Lay out rows of likes or dislikes."""
        lengths = np.diff(opinions.indptr)
        ages = np.arange(lengths.max(initial=0))[:, np.newaxis]
        entries = np.where(ages < lengths, opinions.indptr[:-1] + ages, opinions.nnz)
        rows = np.append(opinions.indices, NOBODY).astype(np.int64)[entries]
        counts = np.append(opinions.data, 0.0)[entries]
        return cls(rows, counts, 0.5 ** (ages / HALF_LIFE) * counts, counts.sum(axis=0)[:, np.newaxis])

    def blend(self, voices: Voices) -> Floats:
        """Take the soft maximum of what the papers say: (n_readers, n_candidates), zero for no papers."""
        longest, readers = self.rows.shape
        starts = np.arange(readers + 1) * longest
        weights = csr_matrix((self.weights.T.ravel(), self.rows.T.ravel(), starts), (readers, len(voices)))
        return _soften(voices.mix(weights), self._weight())

    def blend_beyond_chance(self, voices: Voices) -> Floats:
        """Take the soft maximum of what the papers say beyond chance, in the same way."""
        said = np.zeros((self.rows.shape[1], voices.papers.shape[1]))
        for rows, weights in zip(self.rows, self.weights, strict=True):
            heard = np.flatnonzero(weights)
            said[heard] += weights[heard, np.newaxis] * _speak_beyond_chance(voices.lines(rows[heard]))
        return _soften(said, self._weight())

    def _weight(self) -> Floats:
        weight: Floats = self.weights.sum(axis=0)[:, np.newaxis]
        return weight


@dataclass(frozen=True, eq=False, slots=True)
class Crowd:
    """Some readers before the candidates that all share.

    Attributes:
        voices: What papers say of the candidates.
        prior: Popularity of the candidates, -1 to 0: (n_candidates,).
        likes: The liked papers of each.
        dislikes: The disliked papers of each.
        disliking: How much these resemble each candidate: (n_readers, n_candidates).
    """

    voices: Voices
    prior: Floats
    likes: Side
    dislikes: Side
    disliking: Floats

    @classmethod
    def of(cls, voices: Voices, prior: Floats, ballots: Ballots) -> Crowd:
        """Lay out the votes of some readers and hear their dislikes."""
        dislikes = Side.of(ballots.dislikes)
        return cls(voices, prior, Side.of(ballots.likes), dislikes, dislikes.blend_beyond_chance(voices))

    def scores(self) -> Floats:
        """Score all candidates for each reader, so rounded that equals tie: (n_readers, n_candidates)."""
        scores = self._average(self.likes.votes, self.likes.blend(self.voices), self.disliking, self.prior)
        return np.round(scores, DECIMALS, out=scores)

    def find_reasons(self, places: Ints) -> Ints:
        """Find the like without which each candidate's score would be lowest, the newest of equals.

        Args:
            places: Some candidates of each reader: (n_readers, n).

        Returns:
            Rows of the voices, (n_readers, n); ``NOTHING`` where no like resembles the candidate by more than
            chance.
        """
        if not len(self.likes.rows):
            return np.full(places.shape, NOTHING)
        speech = self.voices.words(self.likes.rows[:, :, np.newaxis], places)
        heard = speech.max(axis=0) > _CHANCE
        strongest = np.argmin(self._scores_without_each_like(speech, places), axis=0)
        return np.where(heard, self.likes.rows[strongest, np.arange(len(places))[:, np.newaxis]], NOTHING)

    def nearest(self, readers: npt.NDArray[np.intp]) -> Floats:
        """Tell the greatest |K| that any vote of some readers has: (len(readers), n_candidates)."""
        loudest = np.ones((len(readers), len(self.prior)))
        softest = np.ones_like(loudest)
        for rows in self.likes.rows[:, readers]:
            lines = self.voices.lines(rows)
            np.maximum(loudest, lines, out=loudest)
            np.minimum(softest, lines, out=softest)
        for rows in self.dislikes.rows[:, readers]:
            np.maximum(loudest, _speak_beyond_chance(self.voices.lines(rows)), out=loudest)
        return np.log(np.maximum(loudest, 1 / softest)) / SHARPNESS

    def _scores_without_each_like(self, speech: Floats, places: Ints) -> Floats:
        """Score (longest, n_readers, n), from what each like says; infinity below a shorter history."""
        counts, weights = self.likes.counts[:, :, np.newaxis], self.likes.weights[:, :, np.newaxis]
        liking = _soften(_sum_without_each(weights * speech), _sum_without_each(weights))
        disliking = np.take_along_axis(self.disliking, places, axis=1)
        scores = self._average(self.likes.votes - counts, liking, disliking, self.prior[places])
        return np.where(counts > 0, np.round(scores, DECIMALS), np.inf)

    def _average(self, likes: Floats, liking: Floats, disliking: Floats, prior: Floats) -> Floats:
        """Average in the place of ``liking``."""
        dislikes = np.sqrt(self.dislikes.votes)
        fame = PRIOR * np.sqrt(1 + likes + dislikes)
        total = likes + dislikes + fame
        liking *= likes / total
        liking -= dislikes / total * disliking
        liking += fame / total * prior
        return liking


def _speak_beyond_chance(lines: Floats) -> Floats:
    """Turn exp(SHARPNESS K), in its place, into the same of K beyond chance, never below zero."""
    lines /= _CHANCE
    return np.maximum(lines, 1, out=lines)


def _soften(speech: Floats, weights: Floats) -> Floats:
    """Turn sums of exponentials, in their place, into a soft maximum; zero where nothing was summed."""
    nothing = weights[..., 0] == 0
    speech /= np.where(weights == 0, 1, weights)
    speech[nothing] = 1
    np.log(speech, out=speech)
    speech /= SHARPNESS
    return speech


def _sum_without_each(terms: Floats) -> Floats:
    """Sum recency-weighted terms, newest first, without each in turn; older ones then grow younger by one."""
    older = np.zeros_like(terms)
    for age in range(len(terms) - 1, 0, -1):
        np.add(older[age], terms[age], out=older[age - 1])
    older *= 2 ** (1 / HALF_LIFE)
    newer = np.zeros_like(terms[0])
    for age in range(1, len(terms)):
        newer += terms[age - 1]
        older[age] += newer
    return older

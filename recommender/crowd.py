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
from recommender.diversity import DECIMALS
from recommender.score import HALF_LIFE, PRIOR, SHARPNESS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NOTHING = -1


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """What all readers share.

    Attributes:
        likes: exp(SHARPNESS K) of voted papers and candidates, then a row of zeros that stands for no paper.
        dislikes: The same of K beyond chance.
        alike: K of candidates and candidates: (n_candidates, n_candidates).
        prior: Popularity of the candidates, -1 to 0: (n_candidates,).
    """

    likes: Floats
    dislikes: Floats
    alike: Floats
    prior: Floats

    @classmethod
    def of(cls, affinities: npt.NDArray[np.float32], alike: npt.NDArray[np.float32], prior: Floats) -> Ground:
        """Prepare K of voted papers and candidates, K of candidates and candidates, and popularity."""
        beyond_chance = np.maximum(affinities - np.float64(CHANCE), 0)
        return cls(
            _exponentiate(affinities),
            _exponentiate(beyond_chance),
            alike.astype(np.float64),
            prior,
        )


@dataclass(frozen=True, eq=False, slots=True)
class Side:
    """The likes of some readers, or their dislikes, in columns: (longest, n_readers), newest first.

    Attributes:
        rows: Which row of K; below a shorter history the row that stands for no paper.
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
        rows = np.append(opinions.indices, opinions.shape[1])[entries]
        counts = np.append(opinions.data, 0.0)[entries]
        return cls(rows, counts, 0.5 ** (ages / HALF_LIFE) * counts, counts.sum(axis=0)[:, np.newaxis])

    def blend(self, speech: Floats) -> Floats:
        """Take the soft maximum of what the papers say: (n_readers, n_candidates), zero for no papers."""
        longest, readers = self.rows.shape
        starts = np.arange(readers + 1) * longest
        weights = csr_matrix(
            (self.weights.T.ravel(), self.rows.T.ravel(), starts), shape=(readers, len(speech))
        )
        return _soften(weights @ speech, self.weights.sum(axis=0)[:, np.newaxis])


@dataclass(frozen=True, eq=False, slots=True)
class Crowd:
    """Some readers before the ground that all share.

    Attributes:
        ground: What they share.
        likes: The liked papers of each.
        dislikes: What the votes against weigh: (n_readers, 1).
        disliking: How much they resemble each candidate: (n_readers, n_candidates).
    """

    ground: Ground
    likes: Side
    dislikes: Floats
    disliking: Floats

    @classmethod
    def of(cls, ground: Ground, ballots: Ballots) -> Crowd:
        """Lay out the likes of some readers and hear their dislikes."""
        dislikes = Side.of(ballots.dislikes)
        return cls(ground, Side.of(ballots.likes), np.sqrt(dislikes.votes), dislikes.blend(ground.dislikes))

    def scores(self) -> Floats:
        """Score all candidates for each reader: (n_readers, n_candidates)."""
        liking = self.likes.blend(self.ground.likes)
        return self._average(self.likes.votes, liking, self.disliking, self.ground.prior)

    def find_reasons(self, places: Ints) -> Ints:
        """Find the like without which each candidate's score would be lowest, the newest of equals.

        Args:
            places: Some candidates of each reader: (n_readers, n).

        Returns:
            Rows of K, (n_readers, n); ``NOTHING`` where no like resembles the candidate by more than chance.
        """
        if not len(self.likes.rows):
            return np.full(places.shape, NOTHING)
        candidates = self.ground.likes.shape[1]
        speech = self.ground.likes.ravel().take(self.likes.rows[:, :, np.newaxis] * candidates + places)
        heard = speech.max(axis=0) > np.exp(SHARPNESS * CHANCE)
        strongest = np.argmin(self._scores_without_each_like(speech, places), axis=0)
        return np.where(heard, self.likes.rows[strongest, np.arange(len(places))[:, np.newaxis]], NOTHING)

    def _scores_without_each_like(self, speech: Floats, places: Ints) -> Floats:
        """Score (longest, n_readers, n), from what each like says; infinity below a shorter history."""
        counts, weights = self.likes.counts[:, :, np.newaxis], self.likes.weights[:, :, np.newaxis]
        liking = _soften(_sum_without_each(weights * speech), _sum_without_each(weights))
        disliking = np.take_along_axis(self.disliking, places, axis=1)
        scores = self._average(self.likes.votes - counts, liking, disliking, self.ground.prior[places])
        return np.where(counts > 0, np.round(scores, DECIMALS), np.inf)

    def _average(self, likes: Floats, liking: Floats, disliking: Floats, prior: Floats) -> Floats:
        """Average in the place of ``liking``."""
        fame = PRIOR * np.sqrt(1 + likes + self.dislikes)
        total = likes + self.dislikes + fame
        liking *= likes / total
        liking -= self.dislikes / total * disliking
        liking += fame / total * prior
        return liking


def _exponentiate(affinities: npt.NDArray[np.floating]) -> Floats:
    speech = np.zeros((len(affinities) + 1, affinities.shape[1]))
    np.multiply(affinities, SHARPNESS, out=speech[:-1], dtype=np.float64)
    np.exp(speech[:-1], out=speech[:-1])
    return speech


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

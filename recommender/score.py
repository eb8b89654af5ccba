"""How much a reader would like each candidate: the formula, and what it gives without one of the likes.

    score(j) = (n t_j - d a_j + k p_j) / (n + d + k)

An average over votes, so that scores compare across candidates and readers, in the units of K: 0 is what any
paper has, 1 what chance gives.

- t_j is how much the likes speak for j; n is the number of votes for them;
- a_j, never below 0, is how much the dislikes resemble j beyond chance; d is the square root of the number of
  votes against them: the first counts like a like, but twenty, which point in twenty directions, do not drown
  three likes;
- p_j, -1 to 0, is the popularity of j; k = PRIOR sqrt(1 + n + d) is the number of votes that it is worth.
  Without votes it is all there is, and its share fades as they come in: an average shrunk towards a prior (a
  "Bayesian average"). A constant k would be too strong for two likes or too weak for twenty.

How much several papers say together is a soft maximum over their rows of K (log-sum-exp, sharpness b):

    t_j = 1/b ln( sum_i w_i exp(b K_ij) / sum_i w_i )
    w_i = votes for i x 2^(-liked papers newer than i / HALF_LIFE)

With b near 0 it is Rocchio's centroid (1971), which blurs several interests; with a great b only the nearest
like is heard. b, HALF_LIFE and PRIOR were chosen by replay, d by reasoning: the replay sets hold no dislikes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SHARPNESS = 0.1
HALF_LIFE = 200
PRIOR = 0.1


@dataclass(frozen=True, eq=False, slots=True)
class Parts:
    """A score taken apart; the parts sum to it.

    Attributes:
        base: What a paper like no other has that nobody knows.
        likes: What each like brings, below 0 where it speaks against: (n_likes,).
        dislikes: What each dislike brings, never above 0: (n_dislikes,).
        popularity: What popularity brings, never below 0.
    """

    base: float
    likes: Floats
    dislikes: Floats
    popularity: float


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """All that is known of one reader and the candidates, in numbers.

    Attributes:
        likes: K of the liked papers, newest first: (n_likes, n_candidates).
        like_counts: Votes for each: (n_likes,).
        dislikes: K of the disliked papers beyond chance, newest first: (n_dislikes, n_candidates).
        dislike_counts: Votes against each: (n_dislikes,).
        prior: Popularity of the candidates, -1 to 0: (n_candidates,).
    """

    likes: Floats
    like_counts: Floats
    dislikes: Floats
    dislike_counts: Floats
    prior: Floats

    def scores(self) -> Floats:
        """Score each candidate: (n_candidates,); without votes its popularity."""
        liking = soft_maximum(self.likes, self.like_counts)
        disliking = soft_maximum(self.dislikes, self.dislike_counts)
        return self._average(self.like_counts.sum(), liking, disliking, self.prior)

    def scores_without_each_like(self, candidate: int) -> Floats:
        """Score one candidate as if each like in turn had never been: (n_likes,).

        The numbers are those of scoring anew, where the likes older than the missing one move up by one.
        """
        weights = _recency(len(self.like_counts)) * self.like_counts
        speech = weights * np.exp(SHARPNESS * self.likes[:, candidate])
        left, said = _sum_without_each(weights), _sum_without_each(speech)
        liking = np.log(np.divide(said, left, out=np.ones_like(said), where=left > 0)) / SHARPNESS
        disliking = soft_maximum(self.dislikes[:, [candidate]], self.dislike_counts)
        votes = self.like_counts.sum() - self.like_counts
        return self._average(votes, liking, disliking, self.prior[[candidate]])

    def take_apart(self, candidate: int) -> Parts:
        """Take the score of one candidate apart into what each vote and its popularity bring to it."""
        likes, dislikes = self.like_counts.sum(), np.sqrt(self.dislike_counts.sum())
        fame = PRIOR * np.sqrt(1 + likes + dislikes)
        votes = likes + dislikes + fame
        return Parts(
            base=-fame / votes,
            likes=split_maximum(self.likes[:, candidate], self.like_counts) * likes / votes,
            dislikes=-split_maximum(self.dislikes[:, candidate], self.dislike_counts) * dislikes / votes,
            popularity=(1 + self.prior[candidate]) * fame / votes,
        )

    def _average(self, likes: float | Floats, liking: Floats, disliking: Floats, prior: Floats) -> Floats:
        dislikes = np.sqrt(self.dislike_counts.sum())
        fame = PRIOR * np.sqrt(1 + likes + dislikes)
        said = likes * liking - dislikes * disliking + fame * prior
        average: Floats = said / (likes + dislikes + fame)
        return average


def soft_maximum(rows: Floats, counts: Floats) -> Floats:
    """Blend rows of K, newest first, into what they say together: (n_candidates,), zero without rows."""
    if not len(rows):
        return np.zeros(rows.shape[1])
    weights = _recency(len(rows)) * counts
    # A sum over rows, no matrix product: equal columns score equally to the last bit, wherever they stand.
    blend: Floats = (weights[:, np.newaxis] * np.exp(SHARPNESS * rows)).sum(axis=0) / weights.sum()
    return np.log(blend) / SHARPNESS


def split_maximum(column: Floats, counts: Floats) -> Floats:
    """Split a soft maximum into what each row, newest first, brings to it: (n_rows,), of that sum.

    With S = sum_i w_i exp(b K_i) and W = sum_i w_i the soft maximum is 1/b ln(S / W). It falls apart in
    proportion to what each row adds to S over a row that says nothing: w_i (exp(b K_i) - 1).
    """
    weights = _recency(len(column)) * counts
    added = weights * np.expm1(SHARPNESS * column) / weights.sum()
    total = added.sum()
    each: Floats = added * (np.log1p(total) / total if total else 1.0) / SHARPNESS
    return each


def _recency(papers: int) -> Floats:
    return 0.5 ** (np.arange(papers) / HALF_LIFE)


def _sum_without_each(terms: Floats) -> Floats:
    """Sum recency-weighted terms, newest first, without each in turn; older ones then grow younger by one."""
    # Sums of what stands before and behind: a total less a term loses the others beside a great one.
    before, behind = np.zeros_like(terms), np.zeros_like(terms)
    np.cumsum(terms[:-1], out=before[1:])
    np.cumsum(terms[:0:-1], out=behind[-2::-1])
    sums: Floats = before + behind * 2 ** (1 / HALF_LIFE)
    return sums

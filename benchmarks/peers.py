"""The rankers of other houses, with the settings that their sources state, to be replayed beside ours.

Each learns a reader anew from the likes and other papers of the background, never from what there was to
choose. Written from descriptions of the methods; no code of theirs is here.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from recommender.embedder import Embedder
from recommender.metrics import Floats
from recommender.replay import ReplayPaper, ReplayRanker, ReplaySet, Scorer

Rows = npt.NDArray[np.intp]
Matrix = Any  # sparse for words, dense for embeddings: both are indexed and multiplied alike

SHARED_RANDOM = 5_000  # Scholar Inbox: random papers that stand against every reader's likes
SHARED_SHARE = 0.52  # S, what they weigh of all
NEGATIVES_A_LIKE = 5  # PaperDigestAction; taken for arXiv_recbot too, whose low ratings no replay set has


@dataclass(frozen=True, eq=False, slots=True)
class Library:
    """All papers as vectors, and which of their rows are background."""

    vectors: Matrix
    background: Rows


# Make vectors: texts to fit on, then texts to turn into a row each.
Vectorize = Callable[[Sequence[str], Sequence[str]], Matrix]
# Learn a reader: liked rows, oldest first, and candidate rows to one score a candidate.
Learn = Callable[[Library, Rows, Rows], Floats]


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to make vectors, once a fit, and a way to learn a reader, once an event."""

    name: str
    vectorize: Vectorize
    learn: Learn

    def fit(self, background: Sequence[ReplayPaper], papers: Mapping[str, ReplayPaper]) -> Scorer:
        """Fit the vectors on the background, and make those of all papers."""
        rows = {paper_id: row for row, paper_id in enumerate(papers)}
        texts = [paper.text for paper in papers.values()]
        vectors = self.vectorize([paper.text for paper in background], texts)
        library = Library(vectors, _find([paper.id for paper in background], rows))

        def score(history: Sequence[str], candidates: Sequence[str]) -> Floats:
            if not history or not candidates:
                return np.zeros(len(candidates))
            return self.learn(library, _find(history, rows), _find(candidates, rows))

        return score


@dataclass(frozen=True, slots=True)
class Upvotes:
    """The Hugging Face page and its e-mail: the same list for everyone, the most upvoted first."""

    name: str = "upvotes"

    def fit(self, background: Sequence[ReplayPaper], papers: Mapping[str, ReplayPaper]) -> Scorer:  # noqa: ARG002 - nothing is learned
        """Learn nothing."""
        return lambda _history, candidates: np.array(
            [papers[paper_id].upvotes or 0 for paper_id in candidates], dtype=np.float64
        )


def choose_peers(replay: ReplaySet, embedder: Embedder | None, *, slow: bool) -> Iterator[ReplayRanker]:
    """List the peers that can rank a set: some need upvotes or an embedder, and one is slow."""
    if any(paper.upvotes is not None for paper in replay.papers.values()):
        yield Upvotes()
    yield Peer("arxiv-sanity-lite", _fit_sanity_words, _learn_svm)
    yield Peer("Scholar Inbox", _fit_inbox_words, _learn_weighted_regression)
    yield Peer("TF-IDF centroid", _fit_centroid_words, _learn_centroid)
    if embedder:
        embed = partial(_embed, embedder)
        yield Peer("zotero-arxiv-daily", embed, _learn_decayed_mean)
        yield Peer("PaperDigestAction", embed, _learn_regression)
    if slow:
        yield Peer("arXiv_recbot", _fit_default_words, _learn_network)


def _fit_sanity_words(background: Sequence[str], texts: Sequence[str]) -> Matrix:
    return _fit_words(
        background,
        texts,
        ngram_range=(1, 2),
        stop_words="english",
        token_pattern=r"\b[a-zA-Z_][a-zA-Z0-9_]+\b",  # noqa: S106 - words, no secret
        strip_accents="unicode",
        max_features=20_000,
        sublinear_tf=True,
        max_df=0.1,
        min_df=5,
    )


def _fit_inbox_words(background: Sequence[str], texts: Sequence[str]) -> Matrix:
    stop_words = sorted(ENGLISH_STOP_WORDS | {"et", "al"})
    return _fit_words(
        background, texts, ngram_range=(1, 2), stop_words=stop_words, max_features=10_000, sublinear_tf=True
    )


def _fit_centroid_words(background: Sequence[str], texts: Sequence[str]) -> Matrix:
    return _fit_words(
        background, texts, ngram_range=(1, 2), stop_words="english", min_df=2, sublinear_tf=True
    )


def _fit_default_words(background: Sequence[str], texts: Sequence[str]) -> Matrix:
    return _fit_words(background, texts)


def _fit_words(background: Sequence[str], texts: Sequence[str], **settings: Any) -> Matrix:
    """Fit TF-IDF; a background too small for these settings leaves one column of zeros."""
    try:
        return TfidfVectorizer(**settings).fit(background).transform(texts)
    except ValueError:  # no term is left, or max_df is below min_df
        return csr_matrix((len(texts), 1))


def _embed(embedder: Embedder, _background: Sequence[str], texts: Sequence[str]) -> Matrix:
    return embedder.embed(texts)


def _learn_svm(library: Library, liked: Rows, candidates: Rows) -> Floats:
    model = LinearSVC(class_weight="balanced", C=0.01, tol=1e-6, max_iter=10_000, random_state=0)
    others = np.setdiff1d(library.background, liked)
    return _train(model, library.vectors, liked, others, candidates)


def _learn_weighted_regression(library: Library, liked: Rows, candidates: Rows) -> Floats:
    """Weigh all likes N (1 - S) and all random papers N S; the share of dislikes has no say without any."""
    shared = _draw(library.background, SHARED_RANDOM, seed=0)
    weights = (1 - SHARED_SHARE) / len(liked), SHARED_SHARE / max(len(shared), 1)
    rows = len(liked) + len(shared)
    sample_weight = rows * np.repeat(weights, [len(liked), len(shared)])
    model = LogisticRegression(C=0.33, max_iter=10_000)
    return _train(model, library.vectors, liked, shared, candidates, sample_weight=sample_weight)


def _learn_regression(library: Library, liked: Rows, candidates: Rows) -> Floats:
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1_000)
    return _train(model, library.vectors, liked, _draw_negatives(library, liked), candidates)


def _learn_network(library: Library, liked: Rows, candidates: Rows) -> Floats:
    """Of two ratings the expected one orders as the chance of the higher does."""
    model = MLPClassifier((512, 512), max_iter=50, random_state=0)
    negatives = _draw_negatives(library, liked)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # 50 epochs are the peer's own setting
        return _train(model, library.vectors, liked, negatives, candidates)


def _learn_centroid(library: Library, liked: Rows, candidates: Rows) -> Floats:
    centroid = np.asarray(library.vectors[liked].sum(axis=0))
    return np.asarray(library.vectors[candidates] @ centroid.T, dtype=np.float64).ravel()


def _learn_decayed_mean(library: Library, liked: Rows, candidates: Rows) -> Floats:
    weights = 1 / (1 + np.log10(np.arange(1, len(liked) + 1)))
    cosines = library.vectors[candidates] @ library.vectors[liked[::-1]].T
    return np.asarray(cosines @ (weights / weights.sum()), dtype=np.float64)


def _train(
    model: Any, vectors: Matrix, liked: Rows, others: Rows, candidates: Rows, **fit_options: Any
) -> Floats:
    """Tell liked papers from others and score candidates; without others there is nothing to tell."""
    if not len(others):
        return np.zeros(len(candidates))
    labels = np.repeat([1, 0], [len(liked), len(others)])
    model.fit(vectors[np.concatenate([liked, others])], labels, **fit_options)
    if hasattr(model, "decision_function"):
        return np.asarray(model.decision_function(vectors[candidates]), dtype=np.float64)
    return np.asarray(model.predict_proba(vectors[candidates])[:, 1], dtype=np.float64)


def _draw_negatives(library: Library, liked: Rows) -> Rows:
    """Draw random papers against these likes, the same ones each time."""
    others = np.setdiff1d(library.background, liked)
    return _draw(others, NEGATIVES_A_LIKE * len(liked), seed=zlib.crc32(liked.tobytes()))


def _draw(rows: Rows, most: int, *, seed: int) -> Rows:
    if len(rows) <= most:
        return rows
    return np.random.default_rng(seed).choice(rows, most, replace=False)


def _find(paper_ids: Iterable[str], rows: Mapping[str, int]) -> Rows:
    return np.array([rows[paper_id] for paper_id in paper_ids], dtype=np.intp)

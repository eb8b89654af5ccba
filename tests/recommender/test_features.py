from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.affinity import affinity
from recommender.features import (
    BLEND_WITH_MODEL,
    BLEND_WITH_THEMES,
    FIT_SAMPLE,
    Blend,
    FeatureSpace,
)
from recommender.shelf import Shelf
from recommender.vocabulary import COMMON_FROM, MAX_PAIRS, MAX_WORDS
from recommender.words import IDF_FLOOR, WordSpace

Floats: TypeAlias = npt.NDArray[np.floating]

CHINESE = "扩散模型，视频生成"
ARABIC = "توليد الفيديو بالانتشار"
CORPORA = {
    "none": [],
    "empty": [""],
    "stop words": ["the of and"],
    "one": ["diffusion"],
    "two": ["video diffusion", "protein folding"],
    "all equal": ["video diffusion"] * 60,
    "no words": ["", "the", "?!", "7"] * 200,
    "scripts": [CHINESE, ARABIC, "Ünïcödé naïveté"],
    "rare words": [f"subject{n} word{n % 7}" for n in range(COMMON_FROM + 1)],
}
SMALL = [
    "video diffusion of noise",
    "video diffusion and video",
    "protein folding",
    "the folding of proteins",
    "robot grasping",
    "of robots",
    "",
]
# Long enough that words count beside a model's meanings.
LONG = [" ".join(f"{word}{n}" for n in range(150) for word in text.split()) for text in SMALL]
KNOWN = np.random.default_rng(2).normal(size=(len(SMALL), 4)) + 1
KNOWN = (KNOWN / np.linalg.norm(KNOWN, axis=1, keepdims=True)).astype(np.float32)
KNOWN[3] = 0
words = st.sampled_from(
    ["video", "videos", "diffusion", "protein", "folding", "robot", "noise", "the", "unheard"]
)
texts = st.lists(words, max_size=8).map(" ".join)


def product(space: FeatureSpace, texts: list[str], meanings: Floats | None = None) -> Floats:
    vectors = space.transform(texts, meanings)
    return affinity(vectors, vectors)


def centre_and_scale(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def words_by_hand(space: WordSpace, texts: list[str], enough: float) -> Floats:
    """Multiply reliabilities and the cosines of centred rows, densely."""
    sparse, told = space.weigh(texts)
    rows = sparse.toarray().astype(np.float64)
    reliable = told.astype(np.float64) ** 2 / (told.astype(np.float64) ** 2 + enough**2)
    centred = centre_and_scale(rows - space.mean)
    return np.outer(reliable, reliable) * (centred @ centred.T)


def meaning_by_hand(meanings: Floats, ridge: float) -> Floats:
    """Whiten by the known rows along their axes, and multiply by the roots of the lengths."""
    known = meanings[meanings.any(axis=1)].astype(np.float64)
    eigenvalues, axes = np.linalg.eigh(np.cov(known.T, bias=True))
    roots = np.sqrt(np.maximum(eigenvalues, 0) + ridge * eigenvalues.mean())
    unit = np.median(np.linalg.norm((known - known.mean(axis=0)) @ axes / roots, axis=1))
    white = np.where(meanings.any(axis=1, keepdims=True), (meanings - known.mean(axis=0)) @ axes / roots, 0)
    white = white / unit
    return white / np.sqrt(np.maximum(np.linalg.norm(white, axis=1, keepdims=True), 1e-30))


def blend_by_hand(
    space: FeatureSpace, texts: list[str], meanings: Floats, blend: Blend, weight: float
) -> Floats:
    """Work out K as the docstring of the space says, but for the unit."""
    meaning = meaning_by_hand(meanings, blend.ridge)
    return words_by_hand(space.words, texts, blend.enough) + weight * (meaning @ meaning.T)


def in_units_of_chance(matrix: Floats) -> Floats:
    """Put zero at the median pair, and one at the root mean square difference from it.

    A paper of which less is known than of the median one is moved the less.
    """
    apart = ~np.eye(len(matrix), dtype=bool)
    itself = np.diag(matrix)
    capped = np.minimum(matrix, itself)
    moved = np.sqrt(np.clip(itself / np.median(itself), 0, 1))
    shift = min(np.median(capped[apart]), 0) * np.outer(moved, moved)
    shifted = matrix - shift
    return np.minimum(shifted, np.diag(shifted)) / math.sqrt(np.square((capped - shift)[apart]).mean())


@pytest.mark.parametrize("corpus", CORPORA.values(), ids=CORPORA)
@pytest.mark.parametrize("with_model", [False, True], ids=["themes", "model"])
def test_any_corpus_fits_and_gives_finite_vectors(corpus: list[str], *, with_model: bool) -> None:
    """No corpus is too small, too plain or too foreign; what says nothing is zero."""
    meanings = np.random.default_rng(1).normal(size=(len(corpus) + 2, 3)).astype(np.float32)
    meanings[-2:] = 0
    space = FeatureSpace.fit(corpus, meanings[:-2] if with_model else None)
    vectors = space.transform([*corpus, "", "never seen"], meanings)
    matrix = affinity(vectors, vectors)
    assert len(vectors) == vectors.words.shape[0] == len(corpus) + 2
    assert vectors.words.dtype == vectors.dense.dtype == np.float32
    assert np.isfinite(vectors.words.data).all()
    assert np.isfinite(vectors.dense).all()
    assert np.isfinite(matrix).all()
    assert not matrix[-2:].any()
    assert space.unit > 0


@given(st.lists(st.text(max_size=60), max_size=8), st.lists(st.text(max_size=60), max_size=4))
@settings(max_examples=40)
def test_any_text_is_read(corpus: list[str], texts: list[str]) -> None:
    """Whatever the characters, fitting and transforming give finite numbers, one row a text."""
    matrix = product(FeatureSpace.fit(corpus), texts)
    assert matrix.shape == (len(texts), len(texts))
    assert np.isfinite(matrix).all()


@pytest.mark.parametrize("with_model", [False, True], ids=["themes", "model"])
def test_equal_corpora_give_equal_spaces(*, with_model: bool) -> None:
    """Fitting is deterministic, and leaves what it reads as it was."""
    corpus = [f"subject{n % 9} and video diffusion, number{n % 4} of many" for n in range(50)]
    meanings = np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32) if with_model else None
    kept = None if meanings is None else meanings.copy()
    first, second = FeatureSpace.fit(corpus, meanings), FeatureSpace.fit(list(corpus), kept)
    vectors, again = first.transform(corpus, meanings), second.transform(corpus, kept)
    assert (vectors.words != again.words).nnz == 0
    assert vectors.dense.tolist() == again.dense.tolist()
    assert first.unit == second.unit
    assert first.terms(range(len(first.words.vocabulary))) == second.terms(
        range(len(second.words.vocabulary))
    )


def test_themes_follow_the_formula() -> None:
    """Without a model, K by hand: centred words by reliability, whitened themes, over the unit."""
    told = SMALL[:6]
    space = FeatureSpace.fit(told)
    rows = WordSpace.fit(told).weigh(told)[0].toarray().astype(np.float64)
    themes = np.linalg.svd(rows, full_matrices=False)[2][: len(told) - 1]
    by_hand = blend_by_hand(space, told, rows @ themes.T, BLEND_WITH_THEMES, BLEND_WITH_THEMES.meaning)
    assert not space.reads_meanings
    assert product(space, told) == pytest.approx(in_units_of_chance(by_hand), abs=2e-3)


def test_a_models_meanings_follow_the_formula() -> None:
    """With a model, K by hand: its meanings weigh the more, the less alike it finds the papers."""
    space = FeatureSpace.fit(LONG, KNOWN)
    alike = float(np.square(KNOWN[KNOWN.any(axis=1)].mean(axis=0)).sum())
    by_hand = blend_by_hand(space, LONG, KNOWN, BLEND_WITH_MODEL, BLEND_WITH_MODEL.meaning / alike)
    assert space.reads_meanings
    assert space.zero < 0 < by_hand[-1, -1]
    assert product(space, LONG, KNOWN) == pytest.approx(in_units_of_chance(by_hand), abs=2e-3)


def test_meanings_that_cancel_out_are_no_error() -> None:
    """Where a model finds the papers of a corpus unlike throughout, K still has bounds."""
    meanings = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]], dtype=np.float32)
    matrix = product(FeatureSpace.fit(SMALL[:4], meanings), SMALL[:4], meanings)
    assert np.isfinite(matrix).all()
    assert matrix.any()


@given(st.lists(texts, min_size=1, max_size=6))
def test_centring_sparse_rows_is_centring_dense_ones(shelf: Shelf, texts: list[str]) -> None:
    """The corrections of sparse products give what dense rows less the mean give, for any texts."""
    space = shelf.space
    sparse = space.transform(texts)
    plain = np.concatenate([sparse.dense[:, :2], np.zeros_like(sparse.dense[:, 2:])], axis=1)
    signs = np.where(np.arange(plain.shape[1]) == 0, -1, 1)
    found = (sparse.words @ sparse.words.T).toarray() + plain * signs @ plain.T
    by_hand = words_by_hand(space.words, texts, space.blend.enough) / space.unit
    assert found == pytest.approx(by_hand, abs=1e-4 * max(1, np.abs(by_hand).max()))


@given(st.lists(texts, min_size=2, max_size=6))
def test_k_has_no_surprises(shelf: Shelf, texts: list[str]) -> None:
    """A paper's affinity with itself is never negative, and no pair's is beyond those of the two."""
    matrix = product(shelf.space, texts)
    itself = np.diag(matrix)
    assert itself.min() >= -1e-4
    bounds = np.sqrt(np.outer(itself.clip(0), itself.clip(0)))
    assert (np.abs(matrix) <= bounds + 1e-3).all()


@pytest.mark.parametrize("subjects", [3, 30])
def test_zero_is_the_median_pair_and_one_is_chance(subjects: int) -> None:
    """Where papers are of few subjects and where they are of many, K is measured by what chance gives."""
    corpus = [f"subject{n % subjects} method{n % 7} of data{n % 5}" for n in range(90)]
    matrix = product(FeatureSpace.fit(corpus), corpus)
    pairs = matrix[~np.eye(90, dtype=bool)]
    assert np.median(pairs) == pytest.approx(0, abs=0.1)
    assert np.square(pairs).mean() == pytest.approx(1, rel=0.01)


def test_a_title_says_less_than_an_abstract(shelf: Shelf) -> None:
    """What a title has in common with another is believed less than the same between longer texts."""
    title = "Video diffusion of rain"
    abstract = (
        f"{title}. Protein folding on a laptop, robot grasping of wet towels, speech and soil and poetry."
    )
    title_alone, with_abstract = np.diag(product(shelf.space, [title, abstract]))
    assert title_alone < 0.7 * with_abstract


def test_a_missing_meaning_counts_as_average() -> None:
    """A paper whose meaning is not known yet is judged by its words alone, and disturbs no other."""
    space = FeatureSpace.fit(SMALL, KNOWN)
    matrix = product(space, SMALL, KNOWN)
    told = np.array([bool(text) for text in SMALL])
    by_words = words_by_hand(space.words, SMALL, space.blend.enough) - space.zero * np.outer(told, told)
    by_words = by_words / space.unit
    others = [n for n in range(len(SMALL)) if n != 3]
    uncapped = np.minimum(by_words[3, others], np.diag(matrix)[others])
    assert matrix[3, others] == pytest.approx(uncapped, abs=1e-4)
    assert product(space, SMALL) == pytest.approx(np.minimum(by_words, np.diag(by_words)), abs=1e-4)


def test_missing_meanings_teach_nothing() -> None:
    """The background is learned from the meanings that are known, as if the others were not there."""
    doubled, zeros = [*SMALL, *SMALL], np.zeros_like(KNOWN)
    padded = FeatureSpace.fit(doubled, np.concatenate([KNOWN, KNOWN]))
    assert FeatureSpace.fit(SMALL, KNOWN).whitening.mean == pytest.approx(padded.whitening.mean, abs=1e-6)
    half = FeatureSpace.fit(
        [*SMALL[:3], *SMALL[4:], *SMALL[:6]], np.concatenate([KNOWN[[0, 1, 2, 4, 5, 6]], zeros[:6]])
    )
    assert half.reads_meanings
    assert half.whitening.mean.tolist() == FeatureSpace.fit(SMALL, KNOWN).whitening.mean.tolist()


def test_fewer_than_half_the_meanings_are_left_aside() -> None:
    """From one text in two on a model's meanings are used; below that the space is as without a model."""
    half, fewer = KNOWN[:6].copy(), KNOWN[:6].copy()
    half[4:] = 0
    fewer[2:] = 0
    assert np.count_nonzero(half.any(axis=1)) == 3
    assert FeatureSpace.fit(SMALL[:6], half).reads_meanings
    space, plain = FeatureSpace.fit(SMALL[:6], fewer), FeatureSpace.fit(SMALL[:6])
    assert not space.reads_meanings
    assert product(space, SMALL, KNOWN).tolist() == product(plain, SMALL).tolist()


def test_a_large_corpus_is_sampled_evenly_and_capped() -> None:
    """A space stays bounded, and the end of the corpus is heard as its beginning is."""
    corpus = [f"word{n % 30_011} word{n % 29_989}" for n in range(2 * FIT_SAMPLE)]
    corpus[: FIT_SAMPLE // 2] = ["early bird"] * (FIT_SAMPLE // 2)
    corpus[-FIT_SAMPLE // 2 :] = ["late worm"] * (FIT_SAMPLE // 2)
    space = FeatureSpace.fit(corpus)
    terms = space.terms(range(len(space.words.vocabulary)))
    by_name = dict(zip(terms, space.words.idf.tolist(), strict=True))
    assert by_name["bird"] == by_name["worm"] == pytest.approx(math.log(10_001 / 2_501) + IDF_FLOOR)
    assert len(terms) <= MAX_WORDS + MAX_PAIRS


def test_the_sample_of_a_large_corpus_keeps_its_meanings() -> None:
    """Of more texts than are read, each that is read is read with its own meaning."""
    subjects = np.arange(2 * FIT_SAMPLE) % 8
    meanings = np.eye(8, dtype=np.float32)[subjects]
    space = FeatureSpace.fit([f"subject{n}" for n in subjects], meanings)
    alone = FeatureSpace.fit([f"subject{n}" for n in subjects[::2]], meanings[::2])
    assert space.whitening.mean.tolist() == alone.whitening.mean.tolist()
    assert space.unit == alone.unit

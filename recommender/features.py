"""From texts to vectors whose products are K: words, corrected for what all papers share, and meaning.

Owns how the two are blended. A space never changes once it is fitted: a new one is fitted and swapped in
whole, with the vectors that belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags_array
from sklearn.utils.extmath import randomized_svd

from recommender.affinity import affinity
from recommender.vectors import Vectors
from recommender.whitening import Whitening
from recommender.words import WordSpace

Floats = npt.NDArray[np.float32]

# The most texts that a space is fitted on: bounds its time and memory whatever the size of the corpus.
FIT_SAMPLE = 10_000
# How many papers are compared, each with each, to learn what is chance.
_CHANCE_SAMPLE = 300
_MOST_THEMES = 128
_LEAST_ALIKE = 0.05  # below what any corpus had; bounds the weight
_LEAST_SPREAD = 1e-4  # below it all papers are the same one


@dataclass(frozen=True, slots=True)
class Blend:
    """How words and meaning are weighed against each other; each number was chosen by replay.

    Attributes:
        enough: How much a text must tell (`WordSpace.weigh`) for its words to count half.
        meaning: What meaning weighs where words weigh one; a model's, where all papers are alike.
        ridge: How much is left unwhitened in the meaning.
    """

    enough: float
    meaning: float
    ridge: float


BLEND_WITH_MODEL = Blend(enough=45, meaning=0.015, ridge=10)
BLEND_WITH_THEMES = Blend(enough=8, meaning=0.06, ridge=3)


@dataclass(frozen=True, eq=False, slots=True)
class FeatureSpace:
    """A fitted way of turning texts into vectors whose product is K.

    K_ij = (r_i r_j c_ij + g m_ij - z) / u, where

    - c is the cosine of the two rows of words, both less the mean row of the corpus;
    - r = told^2 / (told^2 + enough^2) says how far a text's words can be relied on;
    - m is the product of the two whitened meanings, and g is ``meaning``;
    - z is the median over pairs of papers and u the root mean square difference from it: so 0 is "as unlike
      as any two papers", 1 is what chance gives, and two papers of one subject have 3 to 10.

    The meaning is a pretrained model's embedding where most papers have one, else the themes of the corpus:
    its strongest directions (latent semantic analysis, Deerwester et al. 1990).

    Attributes:
        words: The terms and their weights.
        themes: The strongest directions: (terms, themes); none where a model's meanings are used.
        whitening: Of the meanings.
        blend: The weights.
        zero: The z of the formula; z is taken to be 0 where it would be more.
        unit: The u.
        usual: A paper's affinity with itself, in the middle of the corpus; one with less, of which little is
            known, is moved by less than z.
    """

    words: WordSpace
    themes: Floats | None
    whitening: Whitening
    blend: Blend
    zero: float = 0.0
    unit: float = 1.0
    usual: float = 1.0

    @classmethod
    def fit(cls, texts: Sequence[str], meanings: Floats | None = None) -> FeatureSpace:
        """Learn terms, weights and whitening from a corpus.

        Of more than ``FIT_SAMPLE`` texts, that many are read, evenly spread. The same texts in the same order
        give the same space; texts without a word, and no texts, give one in which all is zero.

        Args:
            texts: The corpus.
            meanings: A model's vectors, (len(texts), dims), zero where there is none yet. With fewer than one
                text in two they are left aside.
        """
        sample = _spread_evenly(len(texts), FIT_SAMPLE)
        texts = [texts[place] for place in sample]
        words = WordSpace.fit(texts)
        if meanings is not None:
            meanings = meanings[sample]
            known = meanings[meanings.any(axis=1)]
            if 2 * len(known) >= len(texts) > 0:
                whitening = Whitening.fit(known, BLEND_WITH_MODEL.ridge)
                blend = _weigh_model(known)
                return measure_chance(cls(words, None, whitening, blend), texts, meanings)
        themes = _find_themes(words, texts)
        whitening = Whitening.fit(words.weigh(texts)[0] @ themes, BLEND_WITH_THEMES.ridge)
        return measure_chance(cls(words, themes, whitening, BLEND_WITH_THEMES), texts, None)

    @property
    def reads_meanings(self) -> bool:
        """Whether a model's meanings are used."""
        return self.themes is None

    def transform(self, texts: Sequence[str], meanings: Floats | None = None) -> Vectors:
        """Turn texts into vectors, one row a text, in their order.

        A text without a known term, and one without a meaning, has zeros there: it counts as average.

        Args:
            texts: May be empty.
            meanings: The model's vectors, (len(texts), dims), zero where there is none; read only by a space
                that was fitted on such.
        """
        rows, told = self.words.weigh(texts)
        share = told**2 / (told**2 + self.blend.enough**2)
        scale, corrections = _centre(rows, self.words.mean, share)
        if self.themes is not None:
            meanings = rows @ self.themes
        elif meanings is None:
            meanings = np.zeros((len(texts), len(self.whitening.mean)), dtype=np.float32)
        meaning = np.sqrt(self.blend.meaning) * self.whitening.apply(meanings)
        itself = share**2 + np.square(meaning).sum(axis=1)
        shift = np.sqrt(-self.zero * np.minimum(itself / self.usual, 1))[:, np.newaxis]
        dense = np.concatenate([corrections, shift, meaning], axis=1) / np.sqrt(self.unit)
        scaled = diags_array(scale / np.sqrt(self.unit)) @ rows
        return Vectors(csr_matrix(scaled, dtype=np.float32), dense.astype(np.float32))

    def terms(self, columns: Iterable[int]) -> list[str]:
        """Name columns of `Vectors.words` in readable words."""
        return self.words.terms(columns)


def measure_chance(space: FeatureSpace, texts: Sequence[str], meanings: Floats | None) -> FeatureSpace:
    """Give a space its zero and its unit, from each two of some of the papers that it was fitted on."""
    sample = _spread_evenly(len(texts), _CHANCE_SAMPLE)
    some = None if meanings is None else meanings[sample]
    vectors = space.transform([texts[place] for place in sample], some)
    matrix = affinity(vectors, vectors).astype(np.float64)
    apart = ~np.eye(len(matrix), dtype=bool)
    if not apart.any():
        return space
    zero = min(float(np.median(matrix[apart])), 0.0)
    usual = float(np.median(np.diag(matrix))) or 1.0
    moved = np.sqrt(np.clip(np.diag(matrix) / usual, 0, 1))
    spread = float(np.sqrt(np.square(matrix - zero * np.outer(moved, moved))[apart].mean()))
    return replace(space, zero=zero, unit=spread if spread > _LEAST_SPREAD else 1.0, usual=usual)


def _weigh_model(meanings: Floats) -> Blend:
    """Weigh a model's meanings by how well it tells the papers of this corpus apart.

    The squared length of the mean of rows of length one is the mean cosine of two of them: 0.1 for papers of
    all sciences, 0.35 for those of one field, which a model of all language finds much alike. There, words
    say more.
    """
    alike = float(np.square(meanings.mean(axis=0), dtype=np.float64).sum())
    return replace(BLEND_WITH_MODEL, meaning=BLEND_WITH_MODEL.meaning / max(alike, _LEAST_ALIKE))


def _spread_evenly(count: int, most: int) -> npt.NDArray[np.intp]:
    return np.arange(min(count, most)) * count // min(count, most) if count else np.arange(0)


def _centre(rows: csr_matrix, mean: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Find what makes a product of sparse rows x one of rows less the mean, without making them dense.

    With m = |mean| and a = x.mean / m, b = y.mean / m: (x - mean).(y - mean) = x.y - a b + (a - m)(b - m).

    Returns:
        The factor of each row that makes it, centred, as long as its share; and two columns, of which the
        first counts negative (``affinity``).
    """
    length = float(np.linalg.norm(mean))
    if not length:
        return share, np.zeros((len(share), 2), dtype=np.float32)
    along = (rows @ mean) / length
    distance = np.sqrt(np.maximum(1 - 2 * along * length + length**2, 0))
    scale = (share / np.where(distance > 0, distance, 1)).astype(np.float32)
    corrections = np.column_stack([along, along - length]) * scale[:, np.newaxis]
    return scale, corrections.astype(np.float32)


def _find_themes(words: WordSpace, texts: Sequence[str]) -> Floats:
    rows, _ = words.weigh(texts)
    themes = min(_MOST_THEMES, rows.shape[0] - 1, rows.shape[1] - 1)
    if themes <= 0:
        return np.zeros((rows.shape[1], 0), dtype=np.float32)
    directions = randomized_svd(rows, themes, n_iter=3, random_state=0)[2]
    return np.ascontiguousarray(directions.T, dtype=np.float32)

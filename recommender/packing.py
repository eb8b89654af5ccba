"""A fitted space as plain arrays and a header, to be kept somewhere and made again without running code.

Knows what a space consists of; files and their names are somebody else's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from recommender.features import Blend, FeatureSpace
from recommender.vocabulary import Vocabulary
from recommender.whitening import Whitening
from recommender.words import WordSpace

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]


def pack(space: FeatureSpace) -> tuple[Arrays, dict[str, Any]]:
    """Take a space apart into arrays of numbers and a header that JSON can hold."""
    vocabulary = space.words.vocabulary
    arrays: Arrays = {
        "spellings": _as_bytes(vocabulary.spellings),
        "words": _as_bytes(list(vocabulary.words)),
        "numbers": np.array(list(vocabulary.words.values()), dtype=np.int64),
        "pairs": vocabulary.pairs,
        "idf": space.words.idf,
        "mean": space.words.mean,
        "whitening_mean": space.whitening.mean,
        "whitening_matrix": space.whitening.matrix,
    }
    if space.themes is not None:
        arrays["themes"] = space.themes
    numbers = {"zero": space.zero, "unit": space.unit, "usual": space.usual}
    return arrays, {"blend": asdict(space.blend), **numbers}


def unpack(arrays: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any]) -> FeatureSpace:
    """Put a space together again: its vectors are the same to the last bit.

    Raises:
        KeyError, TypeError, ValueError: Something is missing, or does not fit the rest.
    """
    words = dict(zip(_as_words(arrays["words"]), arrays["numbers"].tolist(), strict=True))
    vocabulary = Vocabulary(words, tuple(_as_words(arrays["spellings"])), arrays["pairs"])
    themes = arrays.get("themes")
    whitening = Whitening(arrays["whitening_mean"], arrays["whitening_matrix"])
    dims, terms = len(whitening.mean), len(vocabulary)
    widths = [len(arrays["idf"]), len(arrays["mean"]), *([] if themes is None else [len(themes)])]
    if whitening.matrix.shape != (dims, dims) or any(width != terms for width in widths):
        raise ValueError("the parts of the space do not fit each other")
    return FeatureSpace(
        WordSpace(vocabulary, arrays["idf"], arrays["mean"]),
        themes,
        whitening,
        Blend(**header["blend"]),
        float(header["zero"]),
        float(header["unit"]),
        float(header["usual"]),
    )


def _as_bytes(words: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _as_words(content: npt.NDArray[np.uint8]) -> list[str]:
    return content.tobytes().decode().split("\n") if len(content) else []

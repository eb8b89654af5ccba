from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.features import FIT_SAMPLE, GENERAL_SHARE, IDF_FLOOR, FeatureSpace
from recommender.vocabulary import COMMON_FROM, MAX_PAIRS, MAX_WORDS

CHINESE = "扩散模型，视频生成"
ARABIC = "توليد الفيديو بالانتشار"


def weights(space: FeatureSpace, text: str) -> dict[str, float]:
    row = space.transform([text]).tocoo()
    return dict(zip(space.terms(row.col), row.data.tolist(), strict=True))


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["the of and"],
        ["diffusion"],
        ["video diffusion", "protein folding"],
        ["video diffusion"] * 60,
        ["", "the", "?!", "7"] * 200,
        [CHINESE, ARABIC, "Ünïcödé naïveté"],
        [f"subject{n} word{n % 7}" for n in range(COMMON_FROM + 1)],
    ],
    ids=["none", "empty", "stop words", "one", "two", "all equal", "no words", "scripts", "rare words"],
)
def test_any_corpus_fits_and_gives_rows_of_length_one_or_zero(texts: list[str]) -> None:
    """No corpus is too small, too plain or too foreign."""
    rows = FeatureSpace.fit(texts).transform([*texts, "", "never seen"])
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
    assert rows.shape[0] == len(texts) + 2
    assert rows.dtype == np.float32
    assert all(length == pytest.approx(1, abs=1e-5) or length == 0 for length in lengths)


@given(st.lists(st.text(max_size=60), max_size=12), st.lists(st.text(max_size=60), max_size=4))
@settings(deadline=None)
def test_any_text_is_read(corpus: list[str], texts: list[str]) -> None:
    """Whatever the characters, fitting and transforming give finite rows, one a text."""
    rows = FeatureSpace.fit(corpus).transform(texts)
    assert rows.shape[0] == len(texts)
    assert np.isfinite(rows.data).all()


def test_equal_corpora_give_equal_spaces() -> None:
    """Fitting is deterministic."""
    texts = [f"subject{n % 9} and video diffusion, number{n % 4} of many" for n in range(50)]
    first, second = FeatureSpace.fit(texts), FeatureSpace.fit(list(texts))
    assert (first.transform(texts) != second.transform(texts)).nnz == 0
    assert first.terms(range(len(first.vocabulary))) == second.terms(range(len(second.vocabulary)))


def test_weights_follow_the_formula() -> None:
    """(1 + ln tf) (ln((1 + N) / (1 + df)) + floor), a share of it for general words, over the length."""
    space = FeatureSpace.fit(["diffusion", "diffusion results", "protein", "robot"])
    diffusion = (1 + math.log(2)) * (math.log(5 / 3) + IDF_FLOOR)
    results = GENERAL_SHARE * (math.log(5 / 2) + IDF_FLOOR)
    length = math.hypot(diffusion, results)
    assert weights(space, "diffusion and the results of diffusion") == pytest.approx(
        {"diffusion": diffusion / length, "results": results / length},
        rel=1e-5,
    )


def test_pairs_are_neighbours_with_no_stop_word_between() -> None:
    """A pair is two words that stand side by side in one text, in their order."""
    space = FeatureSpace.fit(["video diffusion of noise", "robot"])
    assert set(space.terms(range(5))) == {"video", "diffusion", "noise", "robot", "video diffusion"}
    assert len(space.vocabulary) == 5
    assert "video diffusion" in weights(space, "fast video diffusion")
    assert "video diffusion" not in weights(space, "diffusion of video")


def test_pairs_do_not_cross_texts() -> None:
    """The last word of one text and the first of the next are no pair."""
    space = FeatureSpace.fit(["noise video", "diffusion noise", "video diffusion"])
    rows = space.transform(["robot video", "diffusion robot"])
    assert "video diffusion" not in space.terms(rows.indices)


def test_unknown_words_do_not_make_neighbours() -> None:
    """A word that was not learned keeps the words round it apart."""
    space = FeatureSpace.fit(["video diffusion", "robot"])
    assert set(weights(space, "video unheard diffusion")) == {"video", "diffusion"}


def test_a_grown_corpus_forgets_terms_of_a_single_text() -> None:
    """From a few hundred texts on, a term must stand in two of them."""
    space = FeatureSpace.fit(["video diffusion"] * COMMON_FROM + ["lonely word"])
    assert space.terms(range(len(space.vocabulary))) == ["video", "diffusion", "video diffusion"]


def test_a_large_corpus_is_sampled_evenly_and_capped() -> None:
    """A space stays bounded, and the end of the corpus is heard as its beginning is."""
    texts = [f"word{n % 30_011} word{n % 29_989}" for n in range(2 * FIT_SAMPLE)]
    texts[: FIT_SAMPLE // 2] = ["early bird"] * (FIT_SAMPLE // 2)
    texts[-FIT_SAMPLE // 2 :] = ["late worm"] * (FIT_SAMPLE // 2)
    space = FeatureSpace.fit(texts)
    by_name = dict(zip(space.terms(range(len(space.vocabulary))), space.idf.tolist(), strict=True))
    assert by_name["bird"] == by_name["worm"] == pytest.approx(math.log(10_001 / 2_501) + IDF_FLOOR)
    assert len(space.vocabulary) <= MAX_WORDS + MAX_PAIRS

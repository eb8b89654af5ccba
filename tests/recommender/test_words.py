from __future__ import annotations

import math

import numpy as np
import pytest

from recommender.words import IDF_FLOOR, WordSpace

CORPUS = ["diffusion", "diffusion results", "protein", "robot"]
TITLE = "Video diffusion with motion budgets"
ABSTRACT = f"{TITLE}. Diffusion models keep faces steady in generated video, at half the cost of sampling."


def weights(space: WordSpace, text: str) -> dict[str, float]:
    row = space.weigh([text])[0].tocoo()
    return dict(zip(space.terms(row.col), row.data.tolist(), strict=True))


def idf(texts: int, spread: int) -> float:
    return math.log((1 + texts) / (1 + spread)) + IDF_FLOOR


def test_weights_follow_the_formula() -> None:
    """(1 + ln tf) (ln((1 + N) / (1 + df)) + floor), over the length of the row."""
    diffusion, results = (1 + math.log(2)) * idf(4, 2), idf(4, 1)
    length = math.hypot(diffusion, results)
    space = WordSpace.fit(CORPUS)
    assert weights(space, "diffusion and the results of diffusion") == pytest.approx(
        {"diffusion": diffusion / length, "results": results / length}, rel=1e-5
    )
    assert space.weigh(["diffusion and the results of diffusion"])[1] == pytest.approx([length], rel=1e-5)


def test_a_term_of_every_text_still_counts() -> None:
    """A word that all texts share weighs little, but a text of nothing else is no empty one."""
    space = WordSpace.fit(["video diffusion", "video folding", "video"])
    assert weights(space, "video") == {"video": pytest.approx(1)}
    assert space.weigh(["video"])[1] == pytest.approx([IDF_FLOOR])


def test_a_title_tells_less_than_an_abstract() -> None:
    """The more terms a text has, and the rarer they are, the more it tells."""
    corpus = [ABSTRACT, "video", *(f"subject{n}" for n in range(30))]
    common, title, abstract = WordSpace.fit(corpus).weigh(["video", TITLE, ABSTRACT])[1]
    assert 0 < common < title < abstract


def test_a_text_without_a_known_term_tells_nothing() -> None:
    """Its row is zero, and it stands in its place."""
    rows, told = WordSpace.fit(CORPUS).weigh(["never seen", "robot", "", "the of"])
    assert told.tolist() == pytest.approx([0, idf(4, 1), 0, 0])
    assert np.diff(rows.indptr).tolist() == [0, 1, 0, 0]


def test_the_mean_is_learned_as_among_empty_texts() -> None:
    """The sum of the rows over their number and twenty more, so that few texts make a small mean."""
    space = WordSpace.fit(CORPUS)
    rows = space.weigh(CORPUS)[0].toarray()
    assert space.mean == pytest.approx(rows.sum(axis=0) / 24)
    many = WordSpace.fit(CORPUS * 100)
    assert np.linalg.norm(many.mean) > np.linalg.norm(space.mean)


@pytest.mark.parametrize("texts", [[], [""], ["the of", "7"]], ids=["none", "empty", "no words"])
def test_a_corpus_without_a_word_gives_a_space_without_terms(texts: list[str]) -> None:
    """Whatever is read in it has no term and tells nothing."""
    space = WordSpace.fit(texts)
    rows, told = space.weigh(["video diffusion", *texts])
    assert rows.shape == (len(texts) + 1, 0)
    assert not told.any()
    assert space.mean.shape == space.idf.shape == (0,)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.terms import fold_plural
from recommender.vocabulary import COMMON_FROM, MAX_PAIRS, MAX_WORDS, Vocabulary

texts = st.lists(
    st.lists(
        st.sampled_from(["model", "models", "video", "videos", "study", "studies", "the"]), max_size=6
    ).map(" ".join),
    max_size=6,
)


def terms(known: Vocabulary) -> list[str]:
    return known.names(range(len(known)))


def counts(known: Vocabulary, text: str) -> dict[str, float]:
    row = known.count([text]).tocoo()
    return dict(zip(known.names(row.col), row.data.tolist(), strict=True))


def test_counts_are_of_each_text() -> None:
    """Every term of a text is counted, words before pairs."""
    known = Vocabulary.learn(["video diffusion", "diffusion video"])
    counted = known.count(["video video diffusion", "", "diffusion"])
    assert terms(known) == ["video", "diffusion", "video diffusion", "diffusion video"]
    assert counted.toarray().tolist() == [[2, 1, 1, 0], [0, 0, 0, 0], [0, 1, 0, 0]]
    assert counted.dtype == np.float32


def test_a_word_and_its_plural_are_one() -> None:
    """Both are counted in one column, alone and in pairs, whichever of the two was met where."""
    known = Vocabulary.learn(["video model", "robot", "videos", "studies of models", "study"])
    assert set(terms(known)) == {"video", "model", "studies", "robot", "video model"}
    assert counts(known, "videos model") == {"video": 1, "model": 1, "video model": 1}
    assert counts(known, "study and studies") == {"studies": 2}


def test_the_commonest_spelling_names_a_term() -> None:
    """The spelling met most often in all texts, of equals the one met first; pairs are spelled alike."""
    assert terms(Vocabulary.learn(["model", "models models"])) == ["models", "models models"]
    assert terms(Vocabulary.learn(["video model", "video models"]))[-1] == "video model"


@given(texts)
def test_spellings_and_numbers_belong_together(corpus: list[str]) -> None:
    """Each number has one spelling, which is among those numbered so; plurals fold, and nothing else does."""
    known = Vocabulary.learn(corpus)
    assert set(known.words.values()) == set(range(len(known.spellings)))
    for word, number in known.words.items():
        assert fold_plural(known.spellings[number]) == fold_plural(word)
    assert len({fold_plural(word) for word in known.words}) == len(known.spellings)


@given(texts)
def test_plurals_change_no_count(corpus: list[str]) -> None:
    """A corpus written in the singular has the same counts in the same columns."""
    folded = [" ".join(map(fold_plural, text.split())) for text in corpus]
    first, second = Vocabulary.learn(corpus), Vocabulary.learn(folded)
    assert first.count(corpus).toarray().tolist() == second.count(folded).toarray().tolist()


def test_pairs_are_neighbours_with_no_stop_word_between() -> None:
    """A pair is two words that stand side by side in one text, in their order."""
    known = Vocabulary.learn(["video diffusion of noise", "robot"])
    assert set(terms(known)) == {"video", "diffusion", "noise", "robot", "video diffusion"}
    assert "video diffusion" in counts(known, "fast. Video, diffusion")
    assert "video diffusion" not in counts(known, "diffusion of video")


def test_pairs_do_not_cross_texts() -> None:
    """The last word of one text and the first of the next are no pair, learning or counting."""
    known = Vocabulary.learn(["noise video", "diffusion noise", "video diffusion"])
    assert "video diffusion" not in known.names(known.count(["robot video", "diffusion robot"]).indices)
    assert "video diffusion" not in terms(Vocabulary.learn(["noise video", "diffusion noise"]))


def test_unknown_words_do_not_make_neighbours() -> None:
    """A word that was not learned keeps the words round it apart."""
    known = Vocabulary.learn(["video diffusion", "robot"])
    assert counts(known, "video unheard diffusion") == {"video": 1, "diffusion": 1}


def test_a_pair_that_was_not_learned_is_not_counted() -> None:
    """Known words in a new order make no term, also where no pair at all is known."""
    assert Vocabulary.learn(["video"]).count(["video video"]).toarray().tolist() == [[2]]
    known = Vocabulary.learn(["video diffusion"])
    assert known.count(["diffusion diffusion video video"]).toarray().tolist() == [[2, 2, 0]]


def test_texts_beyond_a_chunk_keep_their_rows() -> None:
    """Counting in chunks gives the same as counting at once."""
    known = Vocabulary.learn(["video", "robot"])
    texts = ["video" if n % 3 else "robot robot" for n in range(2_501)]
    assert known.count(texts).toarray().tolist() == [[1, 0] if n % 3 else [0, 2] for n in range(2_501)]


def test_the_commonest_terms_are_kept() -> None:
    """Where there are too many words, those of the most texts stay, of equals those met first."""
    many = [f"word{n}" for n in range(MAX_WORDS + 2)]
    known = Vocabulary.learn([" ".join(many), many[-1]])
    assert list(known.spellings) == [many[-1], *many[: MAX_WORDS - 1]]
    assert many[-2] not in known.words
    assert len(known.pairs) <= MAX_PAIRS


def test_a_grown_corpus_forgets_terms_of_a_single_text() -> None:
    """From a few hundred texts on, a term must stand in two of them, however often in one."""
    known = Vocabulary.learn(["video diffusion"] * (COMMON_FROM - 1) + ["lonely lonely"])
    assert terms(known) == ["video", "diffusion", "video diffusion"]
    assert "lonely" in Vocabulary.learn(["video"] * (COMMON_FROM - 2) + ["lonely"]).words


@pytest.mark.parametrize("corpus", [[], [""], ["the of", "7 ?!"]], ids=["none", "empty", "no words"])
def test_a_corpus_without_a_word_has_no_terms(corpus: list[str]) -> None:
    """Nothing is learned of nothing, and nothing counted by it."""
    known = Vocabulary.learn(corpus)
    assert len(known) == 0
    assert known.count(["video diffusion", ""]).shape == (2, 0)
    assert known.count([]).shape == (0, 0)

from __future__ import annotations

import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from recommender.common_words import BOILERPLATE, GENERAL
from recommender.terms import STOP_WORDS, fold_plural, is_general, is_telling, may_be_subject, words_of


def test_versions_dimensions_and_languages_stay_whole() -> None:
    """Words in which a digit or sign is part of the name are one word."""
    assert words_of("GPT-4 in 3D, written in C++ or C# during COVID-19") == [
        "gpt-4", "in", "3d", "written", "in", "c++", "or", "c#", "during", "covid-19",
    ]  # fmt: skip


def test_other_hyphens_part_words() -> None:
    """A hyphenated compound is read as the same words as the spaced one."""
    assert words_of("vision-language") == words_of("Vision language") == ["vision", "language"]


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("model", "models"),
        ("llm", "llms"),
        ("study", "studies"),
        ("box", "boxes"),
        ("loss", "losses"),
        ("class", "classes"),
        ("cache", "caches"),
        ("case", "cases"),
        ("gpt-4", "gpt-4s"),
    ],
)
def test_a_plural_folds_to_its_singular(singular: str, plural: str) -> None:
    """The plural is told from other words as its singular is, which stays as it was."""
    assert fold_plural(plural) == fold_plural(singular) == singular


@pytest.mark.parametrize("word", ["gas", "bus", "loss", "corpus", "basis", "this", "c++", "3d", "扩散", ""])
def test_words_that_only_look_like_plurals_stay(word: str) -> None:
    """Short words, and such as end on ss, us or is, are no plurals."""
    assert fold_plural(word) == word


@pytest.mark.parametrize("word", ["the", "of", "a", "7", "x"])
def test_stop_words_and_lone_signs_are_no_features(word: str) -> None:
    """What says nothing anywhere is no feature."""
    assert not may_be_subject(word)


@pytest.mark.parametrize("word", ["fire", "thin", "system", "3d", "c#"])
def test_subjects_are_features_even_where_the_stop_list_has_them(word: str) -> None:
    """Words that are the subject of papers survive scikit-learn's stop list."""
    assert may_be_subject(word)


@pytest.mark.parametrize(
    "term", ["diffusion", "diffusion models", "graph learning", "gpt-4", "3d", "zero shot"]
)
def test_subjects_tell(term: str) -> None:
    """A word or pair with a subject in it may be shown, though its other word be general."""
    assert is_telling(term)


@pytest.mark.parametrize(
    "term", ["models", "neural networks", "propose diffusion", "2024", "000 gpu", "paperboy speech"]
)
def test_talk_and_numbers_do_not_tell(term: str) -> None:
    """General words alone, boilerplate beside anything, and numbers are not shown."""
    assert not is_telling(term)


@pytest.mark.parametrize("term", ["models llms", "learning rl", "adaptation lora"])
def test_a_name_beside_its_abbreviation_does_not_tell(term: str) -> None:
    """Half a name and the abbreviation that followed it in brackets are no term to show."""
    assert not is_telling(term)


def test_a_term_is_general_where_all_its_words_are() -> None:
    """One subject in a pair is enough to count in full."""
    assert is_general("simple approach")
    assert is_general("results")
    assert not is_general("simple diffusion")


def test_each_word_is_in_one_list() -> None:
    """The lists do not overlap, and neither repeats the stop words, which are no features anyway."""
    assert BOILERPLATE.isdisjoint(GENERAL)
    assert STOP_WORDS.isdisjoint(BOILERPLATE | GENERAL)
    assert STOP_WORDS < ENGLISH_STOP_WORDS

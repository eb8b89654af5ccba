from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.identity import OPENING, fold, is_cut_from, wording

ABSTRACT = "We present a method that finds the papers a reader would have picked. " * 10


def test_line_breaks_and_spaces_do_not_count() -> None:
    """The API's hard line breaks name the same paper as the page's one line."""
    assert wording("Self-Play\n  at Scale", ABSTRACT) == wording(
        "Self-Play at Scale", ABSTRACT.replace(" ", "\n")
    )


def test_case_punctuation_and_typographic_form_do_not_count() -> None:
    """Capitals, dashes, curly quotes, ligatures and LaTeX's dollar signs do not make another paper."""
    assert fold("The “ﬁrst” Self\u2013Play: $x$") == fold("the 'first' self-play x")


def test_papers_of_one_title_stay_two() -> None:
    """The abstract tells two papers of one title apart."""
    assert wording("Editorial", "On birds.") != wording("Editorial", "On fish.")


def test_a_cut_abstract_is_the_same_paper() -> None:
    """A page that cuts its abstracts after the opening names the same paper as one that does not."""
    assert wording("A", ABSTRACT[: OPENING * 2] + "...") == wording("A", ABSTRACT)


def test_an_abstract_cut_within_the_opening_is_no_witness() -> None:
    """Too short a beginning joins nothing."""
    assert wording("A", ABSTRACT[: OPENING // 2]) != wording("A", ABSTRACT)


def test_a_paper_without_abstract_stays_alone() -> None:
    """A title alone does not join a paper that has an abstract."""
    assert wording("A", "") != wording("A", ABSTRACT)


def test_a_title_of_signs_only_keeps_them() -> None:
    """Where folding would leave nothing, the signs themselves are the text."""
    assert fold("? ? ?") == "???"
    assert fold("???") != fold("!!!")


def test_a_title_does_not_run_into_its_abstract() -> None:
    """Moving a word from the title to the abstract makes another wording."""
    assert wording("one two", "three") != wording("one", "two three")


@given(st.text(), st.text(max_size=3 * OPENING), st.text(alphabet=" \n\t-.,:;$*", max_size=9))
def test_signs_around_words_never_count(title: str, abstract: str, signs: str) -> None:
    """Spaces and punctuation put before or after a text with words leave its wording as it is."""
    title, abstract = f"t{title}", f"a{abstract}"
    assert wording(f"{signs}{title}{signs}", f"{signs}{abstract}{signs}") == wording(title, abstract)


@given(st.text(), st.text())
def test_nothing_after_the_opening_counts(one: str, other: str) -> None:
    """However two abstracts go on after the opening, they name one paper."""
    opening = "word " * OPENING
    assert wording("t", opening + one) == wording("t", opening + other)


@given(st.text(alphabet="ab\u00e9\ufb01", max_size=3 * OPENING), st.integers(0, 9))
def test_an_abstract_may_be_spaced_at_will(abstract: str, width: int) -> None:
    """Any amount of space between any two letters leaves the wording as it is."""
    assert wording("t", (" " * width).join(abstract)) == wording("t", abstract)


def test_a_beginning_is_known_as_cut() -> None:
    """A text is cut from another that begins with it and goes on; never from itself."""
    assert is_cut_from("We present…", "We present a method.")
    assert not is_cut_from("We present a method.", "We present a method.")
    assert not is_cut_from("They present", "We present a method.")

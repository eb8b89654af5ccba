from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.values import Paper
from storage.identity import OPENING, Sameness, fold, is_cut_from, judge_sameness, share_of_words, wording

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


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_as_all_others_are(text: str) -> None:
    """The short way for ASCII leaves what the long way leaves."""
    folded = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    assert fold(text) == folded or not folded


def test_shared_words_are_counted_as_often_as_they_stand() -> None:
    """One a of two stands in both, in any place; what follows in the longer text does not count."""
    assert share_of_words("a b a", "B, a: c a a a") == pytest.approx(2 / 3)
    assert share_of_words("", "a") == share_of_words("", "") == 0


TITLE = "Weeds Win: Watching Gardens Without Gardeners"
GARDENS = (
    "We study how gardens grow when nobody looks. A camera on the fence took a picture each hour for years, "
    "and a small network learned to tell weeds from flowers. Our results show that weeds win."
)
REVISED = GARDENS.replace("a small network", "a smaller one").replace("for years", "for three years")
KETTLES = (
    "Large kettles boil slowly. In this paper we present a controller that heats only the water which is "
    "poured, and we prove that it saves a third of the energy under mild assumptions on thirst."
)


def judge(one: str, other: str, title: str = TITLE) -> Sameness:
    """Judge two abstracts under one title, which must not depend on which is told first."""
    papers = [Paper(title=title, abstract=one), Paper(title=title.upper(), abstract=other)]
    verdict = judge_sameness(*papers)
    assert judge_sameness(*reversed(papers)) is verdict
    return verdict


class TestSameness:
    def test_ids_decide(self) -> None:
        """Whatever the texts say: one id is one paper, and two are two."""
        one, other = Paper(title="A", arxiv_id="1"), Paper(title="B", abstract=GARDENS, arxiv_id="1")
        assert judge_sameness(one, other) is Sameness.CERTAIN
        twins = [Paper(title=TITLE, abstract=GARDENS, arxiv_id=number) for number in "12"]
        assert judge_sameness(*twins) is Sameness.NONE

    @pytest.mark.parametrize("number", ["2", "II", "1.5"])
    def test_a_sequel_is_another_paper(self, number: str) -> None:
        """A title that differs in one sign that is read aloud is another title, whatever follows it."""
        sequel = Paper(title=f"{TITLE} {number}", abstract=GARDENS)
        assert judge_sameness(Paper(title=TITLE, abstract=GARDENS), sequel) is Sameness.NONE

    def test_a_beginning_witnesses(self) -> None:
        """An abstract that a page cut, within its opening too, is that abstract."""
        assert judge(GARDENS[:60] + "…", GARDENS) is Sameness.CERTAIN

    def test_a_revision_witnesses(self) -> None:
        """An abstract of which a few words were changed is that of the same paper."""
        assert judge(GARDENS, REVISED) is Sameness.CERTAIN

    def test_another_abstract_speaks_against(self) -> None:
        """Two papers may share a title; their abstracts share no more than common words."""
        assert judge(GARDENS, KETTLES) is Sameness.NONE

    @pytest.mark.parametrize("abstract", ["", "We study"])
    def test_without_a_second_witness_there_is_the_title(self, abstract: str) -> None:
        """No abstract, or no more of it than many begin with, leaves it to the title, if that is telling."""
        assert judge(abstract, GARDENS) is Sameness.BY_TITLE
        assert judge(abstract, GARDENS, title="Guest editorial") is Sameness.NONE

    def test_the_beginning_of_a_revision_witnesses(self) -> None:
        """An abstract that is cut, and of which a few words were changed before, still is."""
        assert judge(GARDENS[:150], f"{REVISED} {KETTLES}") is Sameness.CERTAIN

    def test_few_words_are_no_revision(self) -> None:
        """Of two short texts nobody can tell which words were changed."""
        assert judge("We study how weeds win.", "We study how weeds lose.") is Sameness.NONE

    def test_the_same_without_abstract_is_the_same(self) -> None:
        """Two lists that tell only a title, however short, speak of one paper."""
        assert judge("", "", title="Note") is Sameness.CERTAIN

    def test_an_abstract_of_any_length_is_judged(self) -> None:
        """A text of a megabyte counts by its beginning."""
        assert judge("word " * 200_000, "word " * 200_000 + "more") is Sameness.CERTAIN

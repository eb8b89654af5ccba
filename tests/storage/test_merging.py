from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.values import Paper
from storage.merging import merged

KNOWN = Paper(title="A", abstract="We present a method.", arxiv_id="2501.00001", upvotes=3, authors=("Ada",))
PAPERS = st.builds(
    Paper,
    title=st.sampled_from(["A", "B"]),
    abstract=st.sampled_from(["", "We present", "We present a method.", "They do."]),
    arxiv_id=st.sampled_from([None, "2501.00001"]),
    authors=st.sampled_from([(), ("Ada",), ("Ada", "Bob")]),
    published=st.none() | st.dates(),
    featured=st.none() | st.dates(),
    upvotes=st.none() | st.integers(0, 9),
    summary=st.sampled_from([None, "", "Short."]),
    version=st.sampled_from([None, 1, 2, 3]),
    withdrawn=st.booleans(),
)
# What may fall: counts; and a withdrawal that a higher revision takes back.
FALLING = {"upvotes", "withdrawn"}


def test_what_a_dump_leaves_out_stays() -> None:
    """A dump that tells only the title takes nothing back."""
    assert merged(KNOWN, Paper(title="A")) == KNOWN


def test_newer_counts_replace_older_ones() -> None:
    """Upvotes and comments take the value that was told last, also a smaller one and nought."""
    known = merged(KNOWN, Paper(title="A", upvotes=0, comments=7))
    assert (known.upvotes, known.comments) == (0, 7)


def test_a_cut_abstract_does_not_replace_a_whole_one() -> None:
    """The beginning of the known abstract is no news."""
    assert merged(KNOWN, Paper(title="A", abstract="We present…")).abstract == KNOWN.abstract


def test_a_cut_abstract_is_completed_by_any_dump() -> None:
    """The whole of what is known in part is taken also from a dump that does not tell the id."""
    cut = replace(KNOWN, abstract="We present…")
    assert merged(cut, Paper(title="A", abstract=KNOWN.abstract)).abstract == KNOWN.abstract


def test_where_no_revision_is_told_the_last_text_stands() -> None:
    """A list that is read again may tell a better title and abstract than before."""
    told = Paper(title="A!", abstract="We improve.", arxiv_id=KNOWN.arxiv_id)
    assert (merged(KNOWN, told).title, merged(KNOWN, told).abstract) == ("A!", "We improve.")


def test_a_text_with_an_id_stands_before_one_without() -> None:
    """Whichever of a list with ids and a page of text comes last, the text is that of the list."""
    page = Paper(title="a", abstract="They present a method", author_count=3, comments=4)
    known = merged(KNOWN, page)
    assert known == replace(KNOWN, author_count=3, comments=4)
    assert merged(page, KNOWN) == known


class TestRevisions:
    FIRST = replace(KNOWN, version=1)
    SECOND = Paper(
        title="A, revised",
        abstract="We improve a method.",
        arxiv_id=KNOWN.arxiv_id,
        authors=("Ada", "Bob"),
        published=date(2026, 1, 3),
        version=2,
    )

    def test_a_higher_revision_replaces_the_text(self) -> None:
        """Title, abstract and authors are those of the second; what it does not tell stays."""
        assert merged(self.FIRST, self.SECOND) == replace(self.SECOND, upvotes=3)

    @pytest.mark.parametrize("version", [1, None])
    def test_an_older_or_unknown_one_never_does(self, version: int | None) -> None:
        """Nor does one that a list gives no number, which lags behind arXiv."""
        older = replace(self.FIRST, version=version, published=date(2026, 1, 1), upvotes=None)
        assert merged(self.SECOND, older) == self.SECOND

    def test_one_of_equal_number_does_not_either(self) -> None:
        """One revision has one text, however two sources spell it: nothing is told anew by turns."""
        assert merged(self.SECOND, replace(self.SECOND, abstract="We  improve a method")) == self.SECOND

    def test_a_revision_may_be_shorter_than_the_one_before(self) -> None:
        """What looks like the beginning of the known abstract is the whole one of a higher revision."""
        shorter = replace(self.SECOND, abstract="We present")
        assert merged(self.FIRST, shorter).abstract == "We present"
        assert merged(shorter, self.FIRST).abstract == "We present"

    def test_an_older_one_tells_counts_and_fills_what_is_missing(self) -> None:
        """Upvotes, the day on the list, summary and links are news whatever the text is."""
        news = Paper(
            title="Old",
            arxiv_id="2501.00001",
            author_count=2,
            upvotes=9,
            summary="Short.",
            code_url="https://code.example",
            featured=date(2026, 1, 4),
        )
        told = {"author_count": 2, "upvotes": 9, "summary": "Short.", "code_url": "https://code.example"}
        assert merged(self.SECOND, news) == replace(self.SECOND, featured=date(2026, 1, 4), **told)

    def test_withdrawn_stays_withdrawn(self) -> None:
        """No dump of the same, an older or an unknown revision takes it back, and its text is kept."""
        withdrawn = merged(self.SECOND, Paper(title="A", arxiv_id="1", version=3, withdrawn=True))
        assert (withdrawn.withdrawn, withdrawn.abstract) == (True, self.SECOND.abstract)
        for version in (None, 2, 3):
            assert merged(withdrawn, replace(self.SECOND, version=version)).withdrawn

    def test_a_higher_revision_brings_a_paper_back(self) -> None:
        """And an older one that was withdrawn does not withdraw it again."""
        withdrawn = replace(self.SECOND, withdrawn=True)
        back = merged(withdrawn, replace(self.SECOND, version=3))
        assert not back.withdrawn
        assert not merged(back, withdrawn).withdrawn


def test_the_last_day_on_a_list_is_kept() -> None:
    """Reading an older list again does not make a paper older."""
    newer, older = Paper(title="A", featured=date(2026, 1, 2)), Paper(title="A", featured=date(2026, 1, 1))
    assert merged(newer, older).featured == merged(older, newer).featured == date(2026, 1, 2)


@given(PAPERS, PAPERS)
def test_nothing_known_is_ever_taken_back(known: Paper, told: Paper) -> None:
    """Whatever a dump tells, a value that was known is not lost."""
    after = merged(known, told)
    assert all(
        getattr(after, part.name)
        for part in fields(Paper)
        if getattr(known, part.name) and part.name not in FALLING
    )
    assert known.upvotes is None or after.upvotes is not None


@given(PAPERS, PAPERS)
def test_telling_twice_is_telling_once(known: Paper, told: Paper) -> None:
    """The same dump again changes nothing."""
    assert merged(merged(known, told), told) == merged(known, told)


@given(PAPERS, PAPERS)
def test_a_revision_never_falls(known: Paper, told: Paper) -> None:
    """The number of the text only grows."""
    assert (merged(known, told).version or 0) == max(known.version or 0, told.version or 0)

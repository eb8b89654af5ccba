from __future__ import annotations

from dataclasses import fields
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from recommender.values import Paper
from storage.intake import merged

KNOWN = Paper(title="A", abstract="We present a method.", arxiv_id="2501.00001", upvotes=3, authors=("Ada",))
PAPERS = st.builds(
    Paper,
    title=st.sampled_from(["A", "B"]),
    abstract=st.sampled_from(["", "We present", "We present a method.", "They do."]),
    authors=st.sampled_from([(), ("Ada",), ("Ada", "Bob")]),
    published=st.none() | st.dates(),
    featured=st.none() | st.dates(),
    upvotes=st.none() | st.integers(0, 9),
    summary=st.sampled_from([None, "", "Short."]),
)


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


def test_a_revised_abstract_replaces() -> None:
    """A different abstract of the same paper is the newer one."""
    assert merged(KNOWN, Paper(title="A", abstract="We improve.")).abstract == "We improve."


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
        if getattr(known, part.name) and part.name != "upvotes"
    )
    assert known.upvotes is None or after.upvotes is not None


@given(PAPERS, PAPERS)
def test_telling_twice_is_telling_once(known: Paper, told: Paper) -> None:
    """The same dump again changes nothing."""
    assert merged(merged(known, told), told) == merged(known, told)

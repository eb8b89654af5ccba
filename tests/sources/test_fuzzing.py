"""The fuzzer: what it tries, and that it notices what it is there to notice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.mutants import breed, read_corpus
from benchmarks.promises import find_broken
from recommender.values import Paper
from sources.parsing import parse
from sources.values import Parsed, Reject

PAPER = Paper(title="Weeds Win", abstract="We study gardens.", arxiv_id="2509.25541", upvotes=3, version=1)


def test_mutants_break_no_promise() -> None:
    """A first few hundred, always the same ones; `make fuzz` tries many thousands."""
    corpus = read_corpus()
    for number in range(300):
        assert list(find_broken(parse(breed(corpus, 1, number)))) == [], number


def test_a_mutant_can_be_bred_again() -> None:
    """Its seed and number are all that a report must hold."""
    corpus = read_corpus()
    mutants = [breed(corpus, 1, number) for number in range(50)]
    assert mutants == [breed(corpus, 1, number) for number in range(50)]
    assert len(set(mutants)) > 40
    assert mutants != [breed(corpus, 2, number) for number in range(50)]


def test_a_good_paper_breaks_no_promise() -> None:
    """Nor does a good reject."""
    assert list(find_broken(Parsed((PAPER,), (Reject("it has no title", 3, "weeds"),)))) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 1_001),
        ("title", "Weeds\nWin"),
        ("abstract", "Weeds \u202e win."),
        ("summary", "\ud800"),
        ("keywords", ("a\x00",)),
        ("authors", (" Ada",)),
        ("organization", "a  b"),
        ("arxiv_id", "../etc"),
        ("arxiv_id", "2509.25541v1"),
        ("upvotes", -1),
        ("comments", 10**12),
        ("version", -1),
        ("code_url", "javascript:alert(1)"),
        ("thumbnail_url", "https://example.org/ a"),
    ],
)
def test_a_bad_paper_is_noticed(field: str, value: Any) -> None:
    """Each field that a hostile dump could spoil, in papers and in revisions."""
    bad = replace(PAPER, **{field: value})
    assert len(list(find_broken(Parsed((PAPER, bad))))) == 1
    assert len(list(find_broken(Parsed(revisions=(bad,))))) == 1


@pytest.mark.parametrize(
    "rejects",
    [
        (Reject(""),),
        (Reject("no\x1b[2J title"),),
        (Reject("no title", 0),),
        (Reject("no title", 1, "x" * 61),),
        (Reject("no title", 1, "a\nb"),),
        (Reject("no title"),) * 10_000,
    ],
)
def test_a_bad_reject_is_noticed(rejects: tuple[Reject, ...]) -> None:
    """They are shown in logs and reports."""
    assert len(list(find_broken(Parsed(rejects=rejects)))) == 1

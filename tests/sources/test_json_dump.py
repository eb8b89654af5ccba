"""The daily-papers API: what its entries become, and what is made of bodies that break its rules."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from recommender.values import Paper
from sources.parsing import parse
from sources.values import Reject

ENTRY: dict[str, Any] = {
    "paper": {
        "id": "2509.25541",
        "authors": [
            {"name": "Ada Fence", "hidden": False},
            {"name": "Bo\n  Kettle"},
            {"name": "Shy Author", "hidden": True},
        ],
        "publishedAt": "2025-09-29T21:55:55.000Z",
        "submittedOnDailyAt": "2025-10-01T00:55:06.135Z",
        "title": "Weeds Win: Watching Gardens\n  Without Gardeners",
        "summary": "We study how gardens grow\nwhen nobody looks.",
        "upvotes": 55,
        "ai_summary": "Weeds win.",
        "ai_keywords": ["weeds", "fences"],
        "githubRepo": "https://github.com/example/weeds",
        "projectPage": "javascript:alert(1)",
        "organization": {"name": "iof", "fullname": "Institute of Fences"},
    },
    "publishedAt": "2025-09-29T17:55:55.000Z",
    "title": "Weeds Win: Watching Gardens Without Gardeners",
    "thumbnail": "https://example.org/weeds.png",
    "numComments": 3,
}


def _parse(value: Any) -> tuple[Paper, ...]:
    parsed = parse(json.dumps(value).encode())
    assert parsed.rejects == ()
    return parsed.papers


def _reasons(body: str) -> list[str]:
    parsed = parse(body.encode())
    assert parsed.papers == ()
    return [reject.reason for reject in parsed.rejects]


def test_an_entry_becomes_a_paper_with_all_that_it_tells() -> None:
    """Line breaks are folded, hidden authors are counted but not named, only web addresses are kept."""
    assert _parse([ENTRY]) == (
        Paper(
            title="Weeds Win: Watching Gardens Without Gardeners",
            abstract="We study how gardens grow when nobody looks.",
            arxiv_id="2509.25541",
            authors=("Ada Fence", "Bo Kettle"),
            author_count=3,
            published=date(2025, 9, 29),
            published_text="2025-09-29T21:55:55.000Z",
            featured=date(2025, 10, 1),
            upvotes=55,
            comments=3,
            summary="Weeds win.",
            keywords=("weeds", "fences"),
            organization="Institute of Fences",
            code_url="https://github.com/example/weeds",
            thumbnail_url="https://example.org/weeds.png",
        ),
    )


@pytest.mark.parametrize(
    "body",
    [
        [ENTRY],
        ENTRY,
        {"papers": [ENTRY]},
        {"dailyPapers": [ENTRY]},
        {"items": [ENTRY]},
        [str(ENTRY)],
        [json.dumps(ENTRY)],
    ],
)
def test_the_list_may_be_wrapped_and_its_entries_written_as_strings(body: Any) -> None:
    """One entry, a list in an object, and entries written as JSON or Python all read the same."""
    assert _parse(body) == _parse([ENTRY])


def test_a_bare_paper_needs_no_wrapper() -> None:
    """What only the wrapper tells is left out."""
    (paper,) = _parse([ENTRY["paper"]])
    assert (paper.arxiv_id, paper.comments, paper.thumbnail_url) == ("2509.25541", None, None)


@pytest.mark.parametrize(
    ("own", "featured"),
    [
        ("2025-10-01T00:10:00.000Z", date(2025, 10, 1)),
        ("2025-09-29T17:55:55.000Z", None),
        ("soon", None),
        (7, None),
    ],
)
def test_the_old_api_tells_the_lists_day_as_the_entrys_own(own: Any, featured: date | None) -> None:
    """Where it but repeats the paper's own day it is no day of the list."""
    paper = {key: value for key, value in ENTRY["paper"].items() if key != "submittedOnDailyAt"}
    assert _parse([{**ENTRY, "paper": paper, "publishedAt": own}])[0].featured == featured


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2509.25541", "2509.25541"),
        ("2509.25541v12", "2509.25541"),
        ("arXiv:0704.0001", "0704.0001"),
        ("cs/0112017", "cs/0112017"),
        ("hep-th/9901001v2", "hep-th/9901001"),
        ("math.AG/0309136", "math/0309136"),
        ("2509.255", None),
        ("２５０９.25541", None),
        ("a paper", None),
        ("../../etc/passwd", None),
        ("", None),
        (2509.25541, None),
    ],
)
def test_an_id_is_kept_only_where_it_looks_like_one(given: Any, kept: str | None) -> None:
    """Links are made of it."""
    assert _parse([{"title": "Weeds", "id": given}])[0].arxiv_id == kept


@pytest.mark.parametrize("wrong", [None, True, 7, -1, 1.5, "text", [], [1], {}, {"a": 1}, 10**30])
@pytest.mark.parametrize("path", [*ENTRY["paper"], *(key for key in ENTRY if key != "paper")])
def test_a_wrong_type_anywhere_costs_at_most_its_field(path: str, wrong: Any) -> None:
    """The next release of the API cannot stop a poll."""
    entry = {**ENTRY, path: wrong} if path != "paper" else ENTRY
    broken = {**entry, "paper": {**ENTRY["paper"], path: wrong}}
    (paper,) = _parse([broken]) if path != "title" else _parse([{**broken, "title": "Weeds Win"}])
    assert paper.title.startswith("Weeds Win") or paper.title == "text"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("1", "the body is the number 1, not a list of papers"),
        ("null", "the body is null, not a list of papers"),
        ('"weeds"', "the body is text, not a list of papers"),
        ("{}", "the body is an empty object, not a list of papers"),
        ('{"error": "overloaded"}', "the body is an object, not a list of papers"),
        ('{"title": "A Schema", "type": "object"}', "the body is an object, not a list of papers"),
        ("[1]", "entry 1: the number 1, not a paper"),
        ("[[]]", "entry 1: a list, not a paper"),
        ('["weeds"]', "entry 1: text, not a paper"),
        ('[{"paper": 3}]', "entry 1: its paper is the number 3"),
        ('[{"paper": {}}]', "entry 1: it has no title"),
        ('[{"title": " \\u200b\\n"}]', "entry 1: it has no title"),
        ('[{"title": "' + "x" * 10_000 + '"}]', "entry 1: its title has 10,000 characters"),
        ("[NaN]", "entry 1: null, not a paper"),
        ("[" + "9" * 5_000 + "]", "entry 1: a huge number, not a paper"),
        ("[" * 100_000, "broken JSON: nested too deeply"),
        ('{"a":' * 100_000, "broken JSON: nested too deeply"),
        ("[", "broken JSON: cut off"),
        ("[] []", "broken JSON: goes on behind its end"),
        ('["{' + "-" * 100_000 + '"]', "entry 1: text, not a paper"),
        ('["{' + "[" * 100_000 + '"]', "entry 1: text, not a paper"),
        ("[\"{'paper': 0x" + "f" * 5_000 + '}"]', "entry 1: its paper is a huge number"),
    ],
)
def test_a_body_without_papers_says_why(body: str, reason: str) -> None:
    """Each reject names what stands there instead, and the entry."""
    assert _reasons(body) == [reason]


@pytest.mark.parametrize("count", [True, -1, 2.5, "7", 10**10])
def test_a_count_that_counts_nothing_is_left_out(count: Any) -> None:
    """No column of a database could hold it."""
    (paper,) = _parse([{"paper": {"title": "Weeds", "upvotes": count}, "numComments": count}])
    assert (paper.upvotes, paper.comments) == (None, None)


def test_an_empty_list_is_a_day_with_nothing() -> None:
    """That is no failure."""
    assert _parse([]) == ()


def test_good_entries_survive_bad_ones() -> None:
    """Rejects count from one, in the order of the list."""
    parsed = parse(json.dumps([3, ENTRY, {"paper": {}}]).encode())
    assert len(parsed.papers) == 1
    assert parsed.rejects == (
        Reject("entry 1: the number 3, not a paper"),
        Reject("entry 3: it has no title", excerpt="paper"),
    )


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_cut_body_keeps_its_whole_entries(*, wrapped: bool, indent: int | None) -> None:
    """The line where it was cut is named."""
    entries = [ENTRY, ENTRY, ENTRY]
    body = json.dumps({"papers": entries} if wrapped else entries, indent=indent).encode()
    parsed = parse(body[:-200])
    assert len(parsed.papers) == 2
    (reject,) = parsed.rejects
    assert reject.reason.startswith("broken JSON")
    assert reject.line is not None


def test_an_entry_broken_in_the_middle_costs_only_itself() -> None:
    """Reading goes on where the next entry begins."""
    whole = json.dumps(ENTRY)
    parsed = parse(f'[{whole}, {{"paper": {{"title": oops}}}}, {whole}]'.encode())
    assert len(parsed.papers) == 2
    assert [reject.reason for reject in parsed.rejects] == ["broken JSON: expecting value"]


def test_one_object_a_line_is_a_list_too() -> None:
    """Many tools write JSON so."""
    assert len(_parse_text(f"{json.dumps(ENTRY)}\n{json.dumps(ENTRY)}\n")) == 2


def _parse_text(body: str) -> tuple[Paper, ...]:
    return parse(body.encode()).papers


def test_hostile_values_are_harmless() -> None:
    """Of equal keys the last counts; lone surrogates and direction marks go; infinity is no count."""
    body = '[{"title": "No", "title": "We\\ud800eds \\u202eWin", "upvotes": 1e999, "summary": "A\\u0000 b"}]'
    assert _parse_text(body) == (Paper(title="Weeds Win", abstract="A b"),)


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u0007", "\u00ad", "\ufeff", "\ud800", "\u0000"]
)
def test_what_cannot_be_seen_is_in_no_text(hidden: str) -> None:
    """Control characters and direction marks are taken out of each text; a link that has one is none."""
    paper = {
        "title": f"We{hidden}eds Win",
        "summary": f"Weeds{hidden} win.",
        "authors": [{"name": f"Ada{hidden} Fence"}],
        "ai_summary": f"They{hidden} win.",
        "ai_keywords": [f"we{hidden}eds", hidden],
        "organization": {"fullname": f"Fences{hidden}"},
        "githubRepo": f"https://example.org/{hidden}weeds",
    }
    assert _parse([{"paper": paper}]) == (
        Paper(
            title="Weeds Win",
            abstract="Weeds win.",
            authors=("Ada Fence",),
            author_count=1,
            summary="They win.",
            keywords=("weeds",),
            organization="Fences",
        ),
    )


def test_a_list_may_use_the_words_of_arxiv() -> None:
    """An abstract, a date, authors by their names alone, and an id that tells the revision."""
    entry = {
        "arxiv_id": "2509.25541v2",
        "title": "Weeds Win",
        "abstract": "We study gardens.",
        "date": "2025-09-29",
        "authors": ["Ada Fence", " ", "Bo Kettle"],
    }
    assert _parse([entry]) == (
        Paper(
            title="Weeds Win",
            abstract="We study gardens.",
            arxiv_id="2509.25541",
            authors=("Ada Fence", "Bo Kettle"),
            author_count=3,
            published=date(2025, 9, 29),
            published_text="2025-09-29",
            version=2,
        ),
    )


def test_a_broken_line_costs_only_itself() -> None:
    """In a list of one object a line; the line is named."""
    parsed = parse(b'{"title": "Weeds"}\n{"title": "Ket\n\n{"title": "Bread"}, \n[[\n')
    assert [paper.title for paper in parsed.papers] == ["Weeds", "Bread"]
    assert [(reject.line, reject.reason[:11]) for reject in parsed.rejects] == [
        (2, "broken JSON"),
        (5, "broken JSON"),
    ]


def test_objects_one_after_the_other_need_no_lines() -> None:
    """Tools that print JSON for people write them so."""
    entry = json.dumps({"title": "Weeds", "id": "2509.25541"}, indent=2)
    assert len(_parse_text(f"{entry}\n{entry}\n{entry}\n")) == 3


def test_reading_goes_on_where_an_entry_begins_as_the_first_did() -> None:
    """An entry that is broken costs only itself, whatever the names are."""
    parsed = parse(b'[{"id": 1, "title": "Weeds"}, {"id": 2, "title": oops}, {"id": 3, "title": "Bread"}]')
    assert [paper.title for paper in parsed.papers] == ["Weeds", "Bread"]


def test_a_million_empty_objects_are_counted() -> None:
    """They do not fill the report."""
    parsed = parse(b"[" + b"{}," * 1_000_000 + b"{}]")
    assert len(parsed.rejects) == 1_001
    assert parsed.rejects[0].reason == "entry 1: it has no title"
    assert parsed.rejects[-1].reason == "999,001 more pieces that are no papers"


def test_a_body_that_would_fill_the_memory_is_refused() -> None:
    """Each of its values would take many times its own size."""
    parsed = parse(b'[{"title": "Weeds", "a": [' + b"[]," * 11_000_000 + b"[]]}]")
    assert parsed.papers == ()
    assert [reject.reason for reject in parsed.rejects] == [
        "JSON of 22,000,005 values, which is more than a list of papers has"
    ]


def test_a_body_that_is_broken_everywhere_is_left_alone() -> None:
    """Looking for the next entry again and again would take hours."""
    parsed = parse(b"[" + b'{"paper": oops},' * 300_000 + b"]")
    assert len(parsed.rejects) == 101
    assert parsed.rejects[-1].reason == "broken JSON: what follows so many breaks is not read"

"""The real dumps, where they are at hand: every paper of each, whole, and in every other dress too."""

from __future__ import annotations

import gzip
import json
import random
import re
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from recommender.values import Paper
from sources.parsing import parse

COUNTS = {"000_11453f8c6885b782": 119, "002_a312619fa7553f5b": 69, "003_2ec5533e38490ced": 64}
API = {"2024-05-27": 13, "2024-12-11": 26, "2025-10-01": 37}


def _papers(shared: Path, name: str) -> dict[str, Paper]:
    parsed = parse((shared / "dumps" / f"{name}.txt").read_bytes())
    assert parsed.rejects == ()
    return {paper.title: paper for paper in parsed.papers}


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_every_paper_is_found_whole(shared: Path, name: str, count: int) -> None:
    """No title is as long as an abstract, no abstract as short as a title, and none holds another's title."""
    papers = parse((shared / "dumps" / f"{name}.txt").read_bytes()).papers
    assert len(papers) == count
    assert all(len(paper.title) < 130 and len(paper.abstract) > 500 for paper in papers)
    titles = {paper.title for paper in papers}
    assert not any(paper.abstract.startswith(tuple(titles)) for paper in papers if len(paper.title) > 30)
    text = " ".join(paper.title + paper.abstract for paper in papers)
    assert not re.search(r"Subscribe|email inbox|\d authors|byAK", text)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (
            "000_11453f8c6885b782",
            "OmniVGGT: Omni-Modality Driven Visual Geometry Grounded",
            "RaftMLP: How Much Can Be Done Without Attention and with Less Spatial Locality?",
        ),
        (
            "002_a312619fa7553f5b",
            "InceptionNeXt: When Inception Meets ConvNeXt",
            "Δ-DiT: A Training-Free Acceleration Method Tailored for Diffusion Transformers",
        ),
        (
            "003_2ec5533e38490ced",
            "Selfie: Self-supervised Pretraining for Image Embedding",
            "NoProp: Training Neural Networks without Back-propagation or Forward-propagation",
        ),
    ],
)
def test_the_first_and_the_last_title_are_whole(shared: Path, name: str, first: str, last: str) -> None:
    """Neither the header nor the end of the file took a piece."""
    titles = list(_papers(shared, name))
    assert (titles[0], titles[-1]) == (first, last)


def test_facts_are_those_of_the_page(shared: Path) -> None:
    """Days with and without a year, comments, and a paper that the page tells nothing of."""
    papers = _papers(shared, "002_a312619fa7553f5b")

    def facts(begin: str) -> tuple[int | None, date | None, str | None, int | None]:
        paper = next(paper for title, paper in papers.items() if title.startswith(begin))
        return paper.author_count, paper.published, paper.published_text, paper.comments

    assert {paper.featured for paper in papers.values()} == {date(2025, 11, 13)}
    assert facts("InceptionNeXt") == (4, date(2023, 3, 29), "Mar 29, 2023", None)
    assert facts("Instella-T2I") == (10, date(2025, 6, 26), "Jun 26", None)
    assert facts("InstaFlow") == (5, date(2023, 9, 12), "Sep 12, 2023", 1)
    assert facts("HyperZcdotZcdotW") == (1, date(2024, 1, 31), "Jan 31, 2024", 1)
    assert facts("Distilled Decoding 2") == (7, date(2025, 10, 23), "Oct 23", 2)
    assert facts("B-cosification") == (None, None, None, None)


@pytest.mark.parametrize("name", ["000_11453f8c6885b782", "003_2ec5533e38490ced"])
def test_no_day_is_made_up(shared: Path, name: str) -> None:
    """One page shows no day, the other one day without a year and nothing to tell it by."""
    assert {(paper.featured, paper.published_text) for paper in _papers(shared, name).values()} == {
        (None, None)
    }


@pytest.mark.parametrize("name", COUNTS)
def test_layouts_may_be_mixed(shared: Path, name: str) -> None:
    """Blank lines anywhere, none at all, other line ends: the papers stay the same."""
    text = (shared / "dumps" / f"{name}.txt").read_text()
    papers = parse(text.encode()).papers
    chance = random.Random(name)  # noqa: S311 - a test's dice
    lines = [line for line in text.split("\n") if line.strip()]
    sprinkled = "".join(line + "\n" * chance.randint(1, 3) for line in lines)
    for dressed in ("\n".join(lines), sprinkled, text.replace("\n", "\r\n"), text.replace("\n", "\n\n")):
        assert parse(dressed.encode()).papers == papers


@pytest.mark.parametrize("name", COUNTS)
def test_missing_abstracts_cost_only_their_own_paper(shared: Path, name: str) -> None:
    """Of a compact dump in which every seventh abstract is gone, all others are found."""
    papers = list(enumerate(parse((shared / "dumps" / f"{name}.txt").read_bytes()).papers))
    lines = [
        part
        for number, paper in papers
        for part in (paper.title, paper.abstract)[: 1 if number % 7 == 3 else 2]
    ]
    parsed = parse("\n".join(lines).encode())
    kept = [(paper.title, paper.abstract) for number, paper in papers if number % 7 != 3]
    assert [(paper.title, paper.abstract) for paper in parsed.papers] == kept
    assert len(parsed.rejects) == len(papers) - len(kept)


def test_what_refuses_prose_refuses_hardly_a_paper(shared: Path) -> None:
    """Of 2,000 real papers, two to a body without any mark of a list, all but a few are found."""
    with gzip.open(shared / "data" / "arxiv" / "daily_20k.jsonl.gz", "rt") as file:
        papers = [json.loads(line) for line in islice(file, 2_000)]
    lines = [f"{paper['title']}\n{paper['abstract']}\n" for paper in papers]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    found = [len(parse("".join(pair).encode()).papers) for pair in pairs]
    assert sum(found) >= 0.995 * len(papers)


@pytest.mark.parametrize(("day", "count"), API.items())
def test_every_entry_of_the_api_is_found(shared: Path, day: str, count: int) -> None:
    """Also where each is written as a Python string; nearly all were on the list of that day."""
    parsed = parse((shared / "data" / "huggingface" / f"{day}.json").read_bytes())
    assert (len(parsed.papers), parsed.rejects) == (count, ())
    for paper in parsed.papers:
        assert paper.arxiv_id
        assert paper.abstract
        assert paper.author_count
        assert paper.upvotes is not None
        assert "\n" not in paper.title + paper.abstract
    assert sum(paper.featured == date.fromisoformat(day) for paper in parsed.papers) > count / 2


def test_the_weekend_answer_is_a_clear_reject(shared: Path) -> None:
    """On a day without a list, a body was the number 1."""
    parsed = parse((shared / "data" / "huggingface" / "weekend_error_2024-06-01.json").read_bytes())
    assert [reject.reason for reject in parsed.rejects] == ["the body is the number 1, not a list of papers"]

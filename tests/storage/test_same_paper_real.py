"""Real lists, where they are at hand: every paper once, and papers of nearly one title apart."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from recommender.values import Paper
from sources.parsing import parse
from storage import papers
from storage.database import Database
from storage.identity import Sameness, fold, judge_sameness, share_of_words
from storage.papers import Upserted

Store = Callable[..., Awaitable[Upserted]]


@pytest.fixture
def dumps(shared: Path) -> list[Paper]:
    """Read the text dumps one after the other."""
    found = sorted((shared / "dumps").glob("*.txt"))
    return [paper for file in found for paper in parse(file.read_bytes()).papers]


@pytest.fixture
def lists(shared: Path) -> list[Paper]:
    """Read the recorded days of the daily list."""
    found = sorted((shared / "data" / "huggingface").glob("20*.json"))
    return [paper for file in found for paper in parse(file.read_bytes()).papers]


@pytest.fixture
def named(shared: Path, lists: list[Paper]) -> list[Paper]:
    """Read whatever is there of papers with ids; many are told twice, in two revisions."""
    data = shared / "data"
    rows = _rows(data / "arxiv" / "daily_20k.jsonl.gz", data / "replay" / "hf-submitters" / "papers.jsonl.gz")
    return [*lists, *rows]


def _rows(*files: Path) -> Iterator[Paper]:
    for file in files:
        with gzip.open(file, "rt") as lines:
            for row in map(json.loads, lines):
                yield Paper(title=row["title"], abstract=row["abstract"], arxiv_id=row["id"])


def without_id(paper: Paper) -> Paper:
    """Leave out the id, as a text dump does."""
    return replace(paper, arxiv_id=None)


def pairs_under_one_title(named: Iterable[Paper]) -> Iterator[tuple[Paper, Paper]]:
    """Pair what is told under one title, once in each wording."""
    told: dict[str, dict[tuple[str | None, str], Paper]] = defaultdict(dict)
    for paper in named:
        told[fold(paper.title)][paper.arxiv_id, fold(paper.abstract)] = paper
    for one_title in told.values():
        yield from combinations(one_title.values(), 2)


def test_texts_alone_tell_what_the_ids_tell(named: list[Paper]) -> None:
    """Of all pairs under one title, those of one id and no others are one paper without their ids too."""
    pairs = list(pairs_under_one_title(named))
    assert len(pairs) > 50
    for one, other in pairs:
        verdict = judge_sameness(without_id(one), without_id(other))
        assert (verdict is Sameness.CERTAIN) is (one.arxiv_id == other.arxiv_id), one.arxiv_id


def test_revisions_and_strangers_are_far_apart(named: list[Paper]) -> None:
    """What is the same shares eight words in ten, what is not four: a threshold has room between."""
    shares: dict[bool, list[float]] = {True: [], False: []}
    for one, other in pairs_under_one_title(named):
        shares[one.arxiv_id == other.arxiv_id].append(share_of_words(one.abstract, other.abstract))
    assert min(shares[True]) > 0.8
    assert max(shares[False]) < 0.4


async def test_papers_of_nearly_one_title_stay_apart(
    database: Database, store: Store, named: list[Paper]
) -> None:
    """Sequels, second parts and contests of two years have titles that differ in a sign, and own rows."""
    near = [paper for pair in nearly_one_title(named) for paper in pair]
    ids = {paper.arxiv_id for paper in near}
    assert len(ids) > 30
    await store(*near)
    await store(*map(without_id, near))
    async with database.reading() as session:
        assert await papers.count(session) == len(ids)


def nearly_one_title(named: Iterable[Paper]) -> Iterator[tuple[Paper, Paper]]:
    """Pair papers whose titles differ in digits alone, or begin with the same thirty letters."""
    by_look: dict[str, dict[str | None, Paper]] = defaultdict(dict)
    for paper in named:
        folded = fold(paper.title)
        for look in ("".join(filter(str.isalpha, folded)), folded[:30]):
            by_look[look].setdefault(paper.arxiv_id, paper)
    for alike in by_look.values():
        for one, other in combinations(alike.values(), 2):
            if fold(one.title) != fold(other.title) and fold(one.abstract) != fold(other.abstract):
                yield one, other


async def test_three_dumps_are_as_many_papers_as_titles(
    database: Database, store: Store, dumps: list[Paper]
) -> None:
    """Of 252 records 229 papers, for 23 stand in two dumps."""
    await store(*dumps)
    async with database.reading() as session:
        assert await papers.count(session) == len({paper.title for paper in dumps}) == 229
    assert len(dumps) == 252


async def test_dumps_and_lists_with_ids_are_one_whichever_comes_first(
    database: Database, store: Store, dumps: list[Paper], named: list[Paper]
) -> None:
    """A text dump finds its papers among 25,000 with ids, and these find theirs among those of a dump."""
    titles = {fold(paper.title) for paper in dumps}
    met = [paper for paper in named if fold(paper.title) in titles]
    assert met
    await store(*dumps)
    await store(*met)
    assert await store(*dumps, *met) == Upserted((), 0)
    async with database.reading() as session:
        known = await papers.get(session, range(300))
        assert len(known) == 229
        assert {paper.arxiv_id for paper in known.values()} - {None} == {paper.arxiv_id for paper in met}


async def test_without_their_ids_papers_of_a_list_are_the_same(
    database: Database, store: Store, lists: list[Paper]
) -> None:
    """Cut, without an abstract, or whole: each finds its paper, and tells nothing anew."""
    added = (await store(*lists)).added
    page = [
        replace(paper, abstract=cut) for paper in map(without_id, lists) for cut in (paper.abstract[:90], "")
    ]
    telling = [paper for paper in page if paper.abstract or len(fold(paper.title)) > 30]
    assert await store(*telling) == Upserted((), 0)
    async with database.reading() as session:
        assert await papers.count(session) == len(added)

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from commands import Command, Ended, ended
from small_replay import event_lines, write_replay

from benchmarks.child.nursery import Nursery, nursery_open

Run = Callable[..., Awaitable[Ended]]


class Ranking(Command):
    """The benchmark, in place of a command of the program."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "benchmarks.ranking", *self.arguments]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rankings() -> AsyncIterator[Nursery]:
    """Load the benchmark once."""
    async with nursery_open("benchmarks.ranking") as nursery:
        yield nursery


@pytest.fixture
def ranking(rankings: Nursery, tmp_path: Path) -> Run:
    """Run the benchmark in an empty folder, without a model."""

    async def run(*arguments: str) -> Ended:
        return await ended(await rankings.bear(Ranking(arguments, {"EMBEDDING_MODEL": "off"}), tmp_path))

    return run


async def test_a_contest_from_folders_to_figures(ranking: Run, tmp_path: Path) -> None:
    """Ours and the peers are ranked on each set and drawn; peers are kept and not run again."""
    write_replay(tmp_path / "one")
    write_replay(tmp_path / "two", events=event_lines()[:2])
    first = await ranking("one", "two", "--json", "--cache", "kept", "--chart", "chart.png")
    assert first.returncode == 0, first.stderr
    lines = [json.loads(line) for line in first.stdout.splitlines()]
    names = ["paperboy", "arxiv-sanity-lite", "Scholar Inbox", "TF-IDF centroid"]
    assert [(line["set"], line["ranker"]) for line in lines if "ranker" in line] == [
        (replayed, name) for replayed in ("one", "two") for name in names
    ]
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert len(list((tmp_path / "kept").iterdir())) == 6
    second = await ranking("one", "two", "--json", "--cache", "kept")
    again = [json.loads(line) for line in second.stdout.splitlines()]
    kept = [line for line in lines if line.get("ranker") != "paperboy"]
    assert [line for line in again if line.get("ranker") != "paperboy"] == kept


async def test_the_tables_in_markdown(ranking: Run, tmp_path: Path) -> None:
    """A heading a set, a row a ranker, and the lead in words."""
    write_replay(tmp_path / "one")
    lines = (await ranking("one", "--markdown")).stdout.splitlines()
    assert lines[0] == "### one: 3 events of 3 users"
    assert lines[4].startswith("| paperboy | 1.000 |")
    assert any(line.startswith("nDCG@10, ours minus ") for line in lines)


async def test_a_set_that_cannot_be_read_is_one_sentence(ranking: Run) -> None:
    """A mistyped folder ends the benchmark before anything is ranked."""
    done = await ranking("nowhere")
    assert done.returncode == 2
    assert done.stderr == "ranking: nowhere: there is no such folder.\n"

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_replay import event_lines, write_replay

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def ranking(tmp_path: Path) -> Run:
    """Run the benchmark in an empty folder, without a model."""
    inherited = {k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.ranking", *arguments],
            cwd=tmp_path,
            env=inherited | {"PYTHONPATH": str(ROOT), "EMBEDDING_MODEL": "off"},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return run


def test_a_contest_from_folders_to_figures(ranking: Run, tmp_path: Path) -> None:
    """Ours and the peers are ranked on each set and drawn; peers are kept and not run again."""
    write_replay(tmp_path / "one")
    write_replay(tmp_path / "two", events=event_lines()[:2])
    first = ranking("one", "two", "--json", "--cache", "kept", "--chart", "chart.png")
    assert first.returncode == 0, first.stderr
    lines = [json.loads(line) for line in first.stdout.splitlines()]
    names = ["paperboy", "arxiv-sanity-lite", "Scholar Inbox", "TF-IDF centroid"]
    assert [(line["set"], line["ranker"]) for line in lines if "ranker" in line] == [
        (replayed, name) for replayed in ("one", "two") for name in names
    ]
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert len(list((tmp_path / "kept").iterdir())) == 6
    second = ranking("one", "two", "--json", "--cache", "kept")
    again = [json.loads(line) for line in second.stdout.splitlines()]
    kept = [line for line in lines if line.get("ranker") != "paperboy"]
    assert [line for line in again if line.get("ranker") != "paperboy"] == kept


def test_the_tables_in_markdown(ranking: Run, tmp_path: Path) -> None:
    """A heading a set, a row a ranker, and the lead in words."""
    write_replay(tmp_path / "one")
    lines = ranking("one", "--markdown").stdout.splitlines()
    assert lines[0] == "### one: 3 events of 3 users"
    assert lines[4].startswith("| paperboy | 1.000 |")
    assert any(line.startswith("nDCG@10, ours minus ") for line in lines)


def test_a_set_that_cannot_be_read_is_one_sentence(ranking: Run) -> None:
    """A mistyped folder ends the benchmark before anything is ranked."""
    done = ranking("nowhere")
    assert done.returncode == 2
    assert done.stderr == "ranking: nowhere: there is no such folder.\n"

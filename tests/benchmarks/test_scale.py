from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.crowds import DELIVERED, LIKING, draw_asking, draw_candidates
from benchmarks.scale import World, measure

SMALL = World(votes=5, candidates=30, papers=200)
TEXTS = [f"On subject{n % 7} and subject{n % 5}. Nobody has seen subject{n % 11} before." for n in range(300)]


def test_json_gives_a_line_a_crowd_and_a_line_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """Each crowd has its seconds, memory and ratio to the peer under their plain names."""
    measure(TEXTS, SMALL, [40, 20], as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    runs = [line for line in lines if "readers" in line]
    assert [run["readers"] for run in runs] == [20, 40]
    for run in runs:
        assert (run["votes"], run["candidates"], run["papers"]) == (5, 30, 200)
        assert run["per_reader_us"] == pytest.approx(1e6 * run["rank_seconds"] / run["readers"])
        assert min(run["rank_seconds"], run["peak_mb"], run["peer_svm_ratio"]) > 0
    names = " ".join(line["name"] for line in lines if "name" in line)
    assert all(word in names for word in ("SVM", "slope", "/today", "load"))


def test_readers_vote_on_different_papers() -> None:
    """As many votes as asked, most of them likes, no paper twice for one reader; some papers given."""
    offered = range(1_000, 1_200)
    asking = draw_asking(0, 50, 20, 1_000, offered)
    assert len(set(zip(asking.votes.readers, asking.votes.paper_ids, strict=True))) == 50 * 20
    assert asking.votes.up.mean() == pytest.approx(LIKING, abs=0.05)
    assert set(np.bincount(asking.given[0])) == {DELIVERED}
    assert set(asking.given[1]) <= set(offered)


def test_candidates_stand_in_trending_order() -> None:
    """The most upvoted comes first, and no paper twice."""
    candidates = draw_candidates(1_000, 200)
    upvotes = [candidate.upvotes for candidate in candidates]
    assert upvotes == sorted(upvotes, reverse=True)
    assert len({candidate.paper_id for candidate in candidates}) == 200

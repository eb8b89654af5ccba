"""Invents as many papers, votes and candidates as a benchmark asks for, the same each time."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.electorate import Asking, Votes
from recommender.popularity import in_trending_order
from recommender.shelf import Shelf
from recommender.threshold import Percentile
from recommender.values import Candidate, Vote

ARXIV = Path(__file__).parents[2] / "shared" / "data" / "arxiv" / "daily_20k.jsonl.gz"
LIKING = 0.8  # the share of votes that are likes
DELIVERED = 10  # the candidates that each reader was brought before
PICKS = 3
STRONG = 70  # the percentile that a candidate must reach

_MEANING = 384  # the width of a model's vectors
_INVENTED, _WORDS = 2_000, 3_000


def read_texts() -> list[str]:
    """Read the real papers of ../shared, or invent some whose words are as uneven as those of a language."""
    if ARXIV.is_file():
        with gzip.open(ARXIV, "rt", encoding="utf-8") as lines:
            papers = map(json.loads, lines)
            return [f"{paper['title']}. {paper['abstract']}" for paper in papers]
    dice = random.Random(0)  # noqa: S311 - a benchmark wants the same numbers each time
    words = [f"word{rank}" for rank in range(_WORDS)]
    weights = [1 / (rank + 3) for rank in range(_WORDS)]
    return [" ".join(dice.choices(words, weights, k=180)) for _ in range(_INVENTED)]


def build_shelf(texts: Sequence[str], papers: int) -> Shelf:
    """Make papers of halves of the texts in new pairs, and draw what a model would say of them."""
    halves = [(text[: len(text) // 2], text[len(text) // 2 :]) for text in texts]
    dice = random.Random(0)  # noqa: S311 - a benchmark wants the same numbers each time
    pairs = {paper_id: dice.choice(halves)[0] + dice.choice(halves)[1] for paper_id in range(papers)}
    meanings = np.random.default_rng(0).standard_normal((papers, _MEANING), dtype=np.float32)
    return Shelf.build(pairs, dict(enumerate(meanings)))


def draw_candidates(papers: int, count: int) -> list[Candidate]:
    """Draw papers of which few are popular, in trending order."""
    dice = np.random.default_rng(1)
    paper_ids = dice.permutation(papers)[:count]
    upvotes = dice.pareto(1, len(paper_ids)) * 10
    return in_trending_order(map(Candidate, paper_ids.tolist(), upvotes.astype(int).tolist()))


def draw_asking(seed: int, readers: int, votes: int, papers: int, offered: Sequence[int]) -> Asking:
    """Draw what readers ask of a daily digest: votes, what each was brought before, whether to explore."""
    dice = np.random.default_rng(seed)
    voted = _draw_rows(dice, readers, votes, papers)
    brought = _draw_rows(dice, readers, min(DELIVERED, len(offered) // 2), len(offered))
    rows = np.arange(readers)
    return Asking(
        votes=Votes(np.repeat(rows, votes), voted.ravel(), dice.random(voted.size) < LIKING),
        given=(np.repeat(rows, brought.shape[1]), np.array(offered)[brought.ravel()]),
        n=np.full(readers, PICKS),
        thresholds=[Percentile(STRONG)] * readers,
        draws=dice.random(readers),
        rulebooks={},
    )


def draw_votes(papers: int, votes: int) -> list[Vote]:
    """Draw one reader's votes."""
    dice = random.Random(2)  # noqa: S311 - a benchmark wants the same numbers each time
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Vote(paper_id, dice.random() < LIKING, begun + timedelta(hours=age))
        for age, paper_id in enumerate(dice.sample(range(papers), min(votes, papers)))
    ]


def _draw_rows(dice: np.random.Generator, rows: int, length: int, width: int) -> npt.NDArray[np.int64]:
    """Draw columns, in each row evenly spaced from a random one on, so that none comes twice."""
    first = dice.integers(0, width, (rows, 1))
    step = dice.integers(1, max(width // max(length, 1), 1), (rows, 1), endpoint=True)
    return np.mod(first + step * np.arange(length), width)

"""Quality does not fall unseen: our ranker on invented readers, and on real ones where they are at hand."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.measuring.evaluation import PaperboyRanker, evaluate
from bot.measuring.replays import read_replay
from recommender.metrics import Metrics
from recommender.replay import Event, Pool, ReplayPaper, ReplaySet

REPLAYS = Path(__file__).parents[3] / "shared" / "data" / "replay"
SUBJECTS, PAPERS, READERS = 12, 20, 60


def invented() -> ReplaySet:
    """Make readers of two subjects among twelve, whose papers share some of forty words and much noise."""
    dice = random.Random(3)  # noqa: S311 - the same readers each time
    papers: dict[str, ReplayPaper] = {}
    for subject in range(SUBJECTS):
        for number in range(PAPERS):
            own = [f"subject{subject}word{dice.randrange(40)}" for _ in range(7)]
            noise = [f"common{dice.randrange(200)}" for _ in range(40)]
            words = dice.sample([*own, *noise], 47)
            name = f"{subject}-{number}"
            papers[name] = ReplayPaper(name, " ".join(words[:9]), " ".join(words[9:]), None, None)
    pool = Pool(
        "new", None, tuple(f"{subject}-{number}" for subject in range(SUBJECTS) for number in range(8))
    )
    events = []
    for reader in range(READERS):
        first, second = dice.sample(range(SUBJECTS), 2)
        liked = [f"{subject}-{dice.randrange(8, PAPERS)}" for subject in (first, second) for _ in range(3)]
        chosen = tuple(f"{subject}-{dice.randrange(8)}" for subject in (first, second))
        events.append(Event(str(reader), tuple(dict.fromkeys(liked)), "new", chosen))
    return ReplaySet("invented", papers, {"new": pool}, tuple(events))


def assert_at_least(found: Metrics, **floors: float) -> None:
    assert all(getattr(found, name) >= floor for name, floor in floors.items()), found


def test_invented_readers_of_two_subjects_are_served_both() -> None:
    """Words find both subjects through six times as much noise: .806, .357 and .320 when this was written."""
    assert_at_least(evaluate(PaperboyRanker(), invented()).metrics, auc=0.79, mrr=0.34, ndcg10=0.30)


@pytest.mark.skipif(not REPLAYS.is_dir(), reason="the replay sets are not beside the repository")
def test_real_readers_of_abstracts_without_a_model() -> None:
    """On a hundred real libraries words and themes reach .902 and .289, or nearly."""
    replay = read_replay(REPLAYS / "citeulike-abstracts").sample(100)
    assert_at_least(evaluate(PaperboyRanker(), replay).metrics, auc=0.89, ndcg10=0.27)

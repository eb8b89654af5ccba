from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from commands import Ended, Shell
from small_replay import event_lines, pool_lines, write_replay

from bot.measuring.evaluation import PaperboyRanker, evaluate
from bot.measuring.replays import read_replay
from recommender.metrics import Floats, Metrics, measure
from recommender.replay import Event, ReplayPaper, ReplaySet, Scorer

Run = Callable[..., Awaitable[Ended]]
KEYS = ["set", "ranker", *Metrics._fields, "users", "events", "ms", "fit_s"]


def work(seconds: float) -> None:
    """Keep the processor busy."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@dataclass
class Oracle:
    """Ranks as it was told to, slowly, and remembers what it was asked."""

    rank: Callable[[str], float]
    fitting: float = 0
    scoring: float = 0
    name: str = "oracle"
    backgrounds: list[set[str]] = field(default_factory=list)

    def fit(self, background: Sequence[ReplayPaper], papers: Mapping[str, ReplayPaper]) -> Scorer:  # noqa: ARG002 - it knows
        self.backgrounds.append({paper.id for paper in background})
        work(self.fitting)

        def score(_history: Sequence[str], candidates: Sequence[str]) -> Floats:
            work(self.scoring)
            return np.array([self.rank(paper_id) for paper_id in candidates])

        return score


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_replay(tmp_path / "small")


@pytest.fixture
def small(folder: Path) -> ReplaySet:
    return read_replay(folder)


def test_each_event_is_measured_against_its_candidates(small: ReplaySet) -> None:
    """Someone who knows that bees win is right for one user, and wrong for two."""
    evaluation = evaluate(Oracle(lambda paper_id: paper_id.startswith("bee")), small)
    tied = 1 / math.log2(1 + 2.5)  # four equal scores share the ranks 1 to 4
    ideal = sum(1 / math.log2(1 + rank) for rank in (1, 2, 3, 4))
    assert evaluation.by_user["bee lover"] == pytest.approx((1, 1 / 2.5, 1, 4 * tied / ideal, 1, 1))
    assert evaluation.by_user["sail lover"].auc == pytest.approx(0.25)
    assert evaluation.metrics.auc == pytest.approx((1 + 0.25 + 0.25) / 3)
    assert evaluation.events == 3


def test_a_ranker_is_shown_no_paper_that_could_be_chosen(small: ReplaySet) -> None:
    """The background that it learns from is apart from the pool."""
    oracle = Oracle(lambda _: 0.0)
    evaluate(oracle, small)
    assert oracle.backgrounds == [set(small.papers) - set(small.pools["new"].papers)]


def test_an_event_without_a_choice_is_not_measured(small: ReplaySet) -> None:
    """Where all that was chosen is history, there is nothing to find, and the user does not count."""
    ghost = Event("ghost", ("bee8",), "new", ("bee8",))
    evaluation = evaluate(Oracle(lambda _: 0.0), replace(small, events=(*small.events, ghost)))
    assert evaluation.events == 3
    assert "ghost" not in evaluation.by_user


def test_time_is_told_apart(small: ReplaySet) -> None:
    """Fitting is counted once, scoring by the event."""
    evaluation = evaluate(Oracle(lambda _: 0.0, fitting=0.2, scoring=0.02), small)
    assert evaluation.fit_seconds >= 0.2
    assert 0.02 <= evaluation.event_seconds < 0.2


def test_a_watcher_sees_every_event_with_its_scores(small: ReplaySet) -> None:
    """From what it sees the metrics can be computed again."""
    seen: list[tuple[str, Metrics | None]] = []
    evaluation = evaluate(
        PaperboyRanker(),
        small,
        lambda event, candidates, scores: seen.append(
            (event.user, measure(scores, np.isin(candidates, event.chosen)))
        ),
    )
    assert dict(seen) == evaluation.by_user


def test_the_json_line_has_the_agreed_figures(small: ReplaySet) -> None:
    """Set, ranker, six measures, counts and costs; a measure without a value is null."""
    only = replace(small, events=(Event("ada", ("bee0",), "new", tuple(small.pools["new"].papers)),))
    line = evaluate(Oracle(lambda _: 0.0), only).as_json()
    assert list(line) == KEYS
    assert line["auc"] is None
    assert (line["users"], line["events"], line["rec100"]) == (1, 1, 1)
    json.dumps(line, allow_nan=False)


def test_our_ranker_puts_the_readers_subject_first(small: ReplaySet) -> None:
    """Who liked bees gets bees, and so on."""
    metrics = evaluate(PaperboyRanker(), small).metrics
    assert (metrics.auc, metrics.hit3, metrics.rec10) == (1, 1, 1)


def test_our_ranker_learns_nothing_of_what_could_be_chosen(small: ReplaySet) -> None:
    """Another text of one candidate moves the score of no other."""
    papers = dict(small.papers)
    papers["bee8"] = replace(papers["bee8"], title="Keel", abstract="A sail and a rudder, and bees. " * 9)
    event = small.events[0]
    others = [paper_id for paper_id in small.candidates(event) if paper_id != "bee8"]
    (fit,) = small.fits()
    before, after = (
        PaperboyRanker().fit(fit.background, texts)(event.history, others) for texts in (small.papers, papers)
    )
    assert before.tolist() == after.tolist()


def test_our_ranker_takes_what_comes(small: ReplaySet) -> None:
    """No history, no candidates, one candidate: one score each, and numbers."""
    (fit,) = small.fits()
    score = PaperboyRanker().fit(fit.background, small.papers)
    assert score([], []).shape == (0,)
    assert score(["bee0"], []).shape == (0,)
    assert np.isfinite(score([], ["bee8"])).all()


@pytest.fixture
def paperboy(shell: Shell) -> Run:
    """Run `paperboy evaluate` in the test's folder, without a model."""
    settings = {"DUMPS_DIR": "", "COLUMNS": "80", "EMBEDDING_MODEL": "off"}
    return lambda *arguments, **more: shell.run("evaluate", *arguments, **(settings | more))


async def test_the_command_prints_a_json_line_a_set(paperboy: Run, tmp_path: Path, folder: Path) -> None:
    """One line each, in the order given, and nothing else."""
    write_replay(tmp_path / "other", events=event_lines()[:2])
    done = await paperboy("small", "other", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [(line["set"], line["users"], line["auc"]) for line in lines] == [
        ("small", 3, 1),
        ("other", 2, 1),
    ]
    assert all(list(line) == KEYS for line in lines)
    assert done.stderr == ""


async def test_the_commands_table_fits_a_terminal(paperboy: Run, folder: Path) -> None:
    """In 80 columns each figure stands whole under its heading."""
    done = await paperboy("small")
    heading, figures = (line.split() for line in done.stdout.splitlines() if line.strip() and "─" not in line)
    assert " ".join(heading) == "Set AUC MRR hit@3 nDCG@10 rec@10 rec@100 Events ms Fit s"
    assert (figures[:2], figures[7]) == (["small", "1.000"], "3")
    assert all(re.fullmatch(r"1?\.\d{3}", figure) for figure in figures[1:7])


async def test_the_command_writes_scores_that_give_the_same_metrics(
    paperboy: Run, tmp_path: Path, folder: Path
) -> None:
    """Anyone can compute the figures anew, from each candidate's score."""
    write_replay(tmp_path / "hard", events=[event | {"history": ["star0"]} for event in event_lines()])
    done = await paperboy("hard", "--json", "--scores", "scores.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "scores.jsonl").read_text().splitlines()]
    assert [list(line) for line in lines] == [["user", "pool", "scores"]] * 3
    aucs = []
    for line, event in zip(lines, event_lines(), strict=True):
        assert list(line["scores"]) == pool_lines()[0]["papers"]
        flags = np.isin(list(line["scores"]), event["chosen"])
        metrics = measure(np.array(list(line["scores"].values())), flags)
        assert metrics is not None
        aucs.append(metrics.auc)
    assert json.loads(done.stdout)["auc"] == pytest.approx(np.mean(aucs), abs=1e-6)


async def test_the_command_replays_at_most_so_many_events(paperboy: Run, folder: Path) -> None:
    """A sample is measured alone."""
    assert json.loads((await paperboy("small", "--json", "--max-events", "2")).stdout)["events"] == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "nowhere: there is no such folder"),
        (["small", "--scores", "nowhere/scores"], "nowhere/scores: cannot be written: No such file"),
    ],
)
async def test_what_cannot_be_is_one_sentence(
    paperboy: Run, folder: Path, arguments: list[str], says: str
) -> None:
    """A mistake ends the command with exit 2 and no traceback."""
    done = await paperboy(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(f"paperboy: {says}")
    assert len(done.stderr.splitlines()) == 1


async def test_without_a_model_it_says_so_and_goes_on(paperboy: Run, folder: Path) -> None:
    """A model that cannot be had is told on standard error; the figures come all the same."""
    done = await paperboy("small", "--json", EMBEDDING_MODEL="no-such-folder")
    assert done.returncode == 0
    assert "anking by words alone" in done.stderr
    assert json.loads(done.stdout)["auc"] == 1

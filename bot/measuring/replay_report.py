"""`paperboy evaluate`: replays sets through our ranker, with a progress bar, and tells how it did."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.errors import BotError
from bot.measuring.evaluation import Evaluation, PaperboyRanker, evaluate
from bot.measuring.replays import read_replay
from bot.measuring.vector_file import VectorFile
from bot.ranking.minilm import prepare_minilm
from bot.ranking.model_files import ModelError
from bot.settings import Settings
from recommender.metrics import Floats, Metrics
from recommender.replay import Event, ReplaySet

_HEADINGS = {
    "auc": "AUC",
    "mrr": "MRR",
    "hit3": "hit@3",
    "ndcg10": "nDCG@10",
    "rec10": "rec@10",
    "rec100": "rec@100",
    "events": "Events",
    "ms": "ms",
    "fit_s": "Fit s",
}


class ScoresFileError(BotError):
    """A file for scores that cannot be written."""


def print_evaluations(
    settings: Settings, folders: Sequence[Path], most: int | None, scores: Path | None, *, as_json: bool
) -> None:
    """Replay sets and print a JSON line each, or one table at the end; write each event's scores where asked.

    Raises:
        ReplayError: A set cannot be used.
        ScoresFileError: The file for scores cannot be written.
        VectorFileError: Vectors cannot be kept in DATA_DIR.
    """
    with _open_scores(scores) as file:
        evaluations = _evaluate_all(settings, folders, most, file)
        if as_json:
            for evaluation in evaluations:
                sys.stdout.write(json.dumps(evaluation.as_json()) + "\n")
                sys.stdout.flush()
        else:
            table = _table(evaluations)
            Console().print(table)


def open_vectors(settings: Settings, console: Console) -> VectorFile | None:
    """Load the model and the vectors that it made before; without a model say so and do with words alone."""
    try:
        model = prepare_minilm(settings.embedding_model, settings.data_dir)
    except ModelError as error:
        console.print(f"Ranking by words alone: {error}", markup=False, highlight=False, soft_wrap=True)
        return None
    return VectorFile(model, settings.data_dir / "replay") if model else None


def show_progress(console: Console) -> Progress:
    """Make a bar that only a person who watches sees."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def write_scores(file: TextIO, event: Event, candidates: Sequence[str], scores: Floats) -> None:
    """Write an event's scores as a JSON line, to the last bit, so that the metrics can be computed again."""
    line = {"user": event.user, "pool": event.pool}
    file.write(json.dumps({**line, "scores": dict(zip(candidates, scores.tolist(), strict=True))}) + "\n")


def read_texts(vectors: VectorFile, name: str, texts: Sequence[str], bar: Progress) -> None:
    """Have the model read those texts that it never saw, with a bar of that name."""
    task = bar.add_task(f"{name}: reading", total=None)
    vectors.read(texts, lambda done, total: bar.update(task, completed=done, total=total))
    bar.remove_task(task)


def _evaluate_all(
    settings: Settings, folders: Iterable[Path], most: int | None, scores: TextIO | None
) -> Iterator[Evaluation]:
    console = Console(stderr=True)
    vectors = open_vectors(settings, console)
    with show_progress(console) as bar:
        for replay in [read_replay(folder) for folder in folders]:
            if vectors:
                texts = [paper.text for paper in replay.papers.values()]
                read_texts(vectors, replay.name, texts, bar)
            yield _evaluate_one(replay.sample(most) if most else replay, vectors, scores, bar)


def _evaluate_one(
    replay: ReplaySet, vectors: VectorFile | None, scores: TextIO | None, bar: Progress
) -> Evaluation:
    task = bar.add_task(replay.name, total=len(replay.events))

    def watch(event: Event, candidates: Sequence[str], event_scores: Floats) -> None:
        bar.advance(task)
        if scores:
            write_scores(scores, event, candidates, event_scores)

    return evaluate(PaperboyRanker(vectors), replay, watch)


def _open_scores(path: Path | None) -> AbstractContextManager[TextIO | None]:
    try:
        return path.open("w", encoding="utf-8") if path else nullcontext()
    except OSError as error:
        raise ScoresFileError(f"{path}: cannot be written: {error.strerror}.") from error


def _table(evaluations: Iterable[Evaluation]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))  # fits 80 columns
    table.add_column("Set", overflow="fold")
    for heading in _HEADINGS.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for evaluation in evaluations:
        figures = evaluation.as_json()
        table.add_row(Text(evaluation.set), *(_cell(name, figures[name]) for name in _HEADINGS))
    return table


def _cell(name: str, figure: float | None) -> str:
    if figure is None:
        return "-"
    if name in Metrics._fields:
        return f"{figure:.3f}".removeprefix("0")
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:.3g}"

"""What each part of the ranker is worth: our figures with one part alone, or left out, on the same events.

python -m benchmarks.ablation REPLAY_DIR... [--max-events N] [--half tune|report] [--json | --markdown]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from rich.console import Console

from benchmarks.replaying import read_chosen, replay_parser
from bot.errors import BotError
from bot.measuring.evaluation import Evaluation, PaperboyRanker, evaluate
from bot.measuring.replay_report import open_vectors, read_texts, show_progress
from bot.settings import load_settings
from recommender.features import FeatureSpace, measure_chance

Alteration = Callable[[FeatureSpace], FeatureSpace]
MEASURES = ("auc", "mrr", "hit3", "ndcg10", "rec10")
_NEVER_ENOUGH = 1e9  # no text tells so much: words count nothing
_ALWAYS_ENOUGH = 1e-3


def main() -> None:
    """Replay each set with each variant and print a line a variant."""
    arguments = replay_parser(__doc__).parse_args()
    try:
        rows = list(_ablate(arguments))
    except BotError as error:
        sys.stderr.write(f"ablation: {error}\n")
        raise SystemExit(2) from None
    if not arguments.json:
        print(_heading(rows, arguments.markdown))
    for row in rows:
        print(json.dumps(row.as_json()) if arguments.json else row.as_text(arguments.markdown))


@dataclass(frozen=True, slots=True)
class Variant:
    """The ranker with a part changed: with the model or with themes, and the fitted space altered."""

    name: str
    alter: Alteration
    model: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A variant and what it reached on each set."""

    name: str
    evaluations: Sequence[Evaluation]

    def as_json(self) -> dict[str, object]:
        """Give the figures of each set under its name."""
        return {"variant": self.name} | {found.set: found.as_json() for found in self.evaluations}

    def as_text(self, markdown: bool) -> str:  # noqa: FBT001 - the one choice of this page
        """Lay the figures in a row: AUC, MRR, hit@3, nDCG@10, recall@10 a set."""
        cells = [" ".join(_short(found.as_json()[name]) for name in MEASURES) for found in self.evaluations]
        return (
            f"| {self.name} | {' | '.join(cells)} |" if markdown else f"{self.name:<28} {'   '.join(cells)}"
        )


@dataclass(frozen=True, slots=True)
class AlteredRanker(PaperboyRanker):
    """Our ranker with a space that was changed after it was fitted, and its unit measured anew."""

    alter: Alteration = lambda space: space

    def fit_space(self, texts: Sequence[str], meanings: npt.NDArray[np.float32] | None) -> FeatureSpace:
        """Fit, change, measure."""
        space = self.alter(FeatureSpace.fit(texts, meanings))
        return measure_chance(replace(space, zero=0.0, unit=1.0, usual=1.0), texts, meanings)


def _ablate(arguments: argparse.Namespace) -> Iterator[Row]:
    console = Console(stderr=True)
    vectors = open_vectors(load_settings(), console)
    replays = [read_chosen(folder, arguments.max_events, arguments.half) for folder in arguments.replay_dirs]
    with show_progress(console) as bar:
        if vectors:
            for replay in replays:
                read_texts(vectors, replay.name, [paper.text for paper in replay.papers.values()], bar)
        task = bar.add_task("variants", total=len(VARIANTS))
        for variant in VARIANTS:
            if vectors or not variant.model:
                ranker = AlteredRanker(vectors if variant.model else None, variant.name, variant.alter)
                yield Row(variant.name, [evaluate(ranker, replay) for replay in replays])
            bar.advance(task)


def _blend(space: FeatureSpace, **changes: float) -> FeatureSpace:
    return replace(space, blend=replace(space.blend, **changes))


def _uncentred(space: FeatureSpace) -> FeatureSpace:
    return replace(space, words=replace(space.words, mean=np.zeros_like(space.words.mean)))


def _heading(rows: Sequence[Row], markdown: bool) -> str:  # noqa: FBT001 - as above
    sets = [found.set for found in rows[0].evaluations] if rows else []
    if markdown:
        return f"| variant | {' | '.join(sets)} |\n|---|{'---|' * len(sets)}"
    return f"{'AUC MRR hit@3 nDCG@10 rec@10':<28} {'   '.join(f'{name:<24}' for name in sets)}"


def _short(figure: object) -> str:
    return f"{figure:.3f}".removeprefix("0") if isinstance(figure, float) else "-"


VARIANTS = (
    Variant("all, with the model", lambda space: space),
    Variant("words alone", lambda space: _blend(space, meaning=0.0)),
    Variant("the model alone", lambda space: _blend(space, enough=_NEVER_ENOUGH)),
    Variant("words not centred", _uncentred),
    Variant("every text relied on alike", lambda space: _blend(space, enough=_ALWAYS_ENOUGH)),
    Variant("all, without the model", lambda space: space, model=False),
    Variant("themes alone", lambda space: _blend(space, enough=_NEVER_ENOUGH), model=False),
    Variant("words alone, no model", lambda space: _blend(space, meaning=0.0), model=False),
)


if __name__ == "__main__":
    main()

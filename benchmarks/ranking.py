"""How well and how dearly we rank, beside the peers, on replays of what readers chose.

    python -m benchmarks.ranking REPLAY_DIR... [--max-events N] [--half tune|report] [--json | --markdown]
                                 [--chart docs/ranking.png] [--cache FOLDER] [--slow]

Most peers train a model for each event, so a run takes minutes; with --cache the next takes as long as ours.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.chart import Point, draw_chart
from benchmarks.contest import OURS, Contest
from benchmarks.outcomes import MEASURE, Entry, Estimate, Outcome, estimate_gain, gather_outcomes
from benchmarks.replaying import replay_parser
from bot.errors import BotError
from bot.measuring.evaluation import Evaluation
from bot.measuring.replay_report import open_vectors, read_texts, show_progress
from bot.settings import load_settings

HEADINGS = ("Ranker", "AUC", "MRR", "hit@3", "nDCG@10", "95 %", "rec@10", "rec@100", "ms", "fit s")
SLOW_NOTE = "arXiv_recbot (about 20 s an event) was left out: --slow adds it, best with a small --max-events."


def main() -> None:
    """Run the contest and print what came of it; exit 2 where a set cannot be used."""
    arguments = _parse_arguments()
    try:
        outcomes = gather_outcomes(_compete(arguments), OURS)
    except BotError as error:
        sys.stderr.write(f"ranking: {error}\n")
        raise SystemExit(2) from None
    if arguments.chart:
        draw_chart([(_title(outcome), _points(outcome)) for outcome in outcomes], "nDCG@10", arguments.chart)
    if arguments.json:
        _print_json(outcomes)
    else:
        _print_tables(outcomes, markdown=arguments.markdown, slow=arguments.slow)


def _parse_arguments() -> argparse.Namespace:
    parser = replay_parser(__doc__)
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep the figures of peers there")
    parser.add_argument("--chart", type=Path, metavar="PNG", help="draw quality against cost")
    parser.add_argument("--slow", action="store_true", help="also the peer that takes 20 s an event")
    return parser.parse_args()


def _compete(arguments: argparse.Namespace) -> list[Evaluation]:
    settings = load_settings()
    console = Console(stderr=True)
    vectors = open_vectors(settings, console)
    contest = Contest(
        settings, vectors is not None, arguments.max_events, arguments.half, arguments.slow, arguments.cache
    )
    with show_progress(console) as bar:
        if vectors:
            for folder in arguments.replay_dirs:
                texts = [paper.text for paper in contest.read(folder).papers.values()]
                read_texts(vectors, folder.name, texts, bar)
        task = bar.add_task("rankers", total=None)
        return contest.run(
            arguments.replay_dirs, lambda _done, total: bar.update(task, advance=1, total=total)
        )


def _print_json(outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        for entry in outcome.entries:
            print(json.dumps(entry.as_json()))
        lead = outcome.lead
        against = {"set": outcome.set, "best_peer": outcome.best.evaluation.ranker, "measure": MEASURE}
        print(json.dumps({**against, "lead": lead.value, "interval95": [lead.low, lead.high]}))


def _print_tables(outcomes: Sequence[Outcome], *, markdown: bool, slow: bool) -> None:
    for outcome in outcomes:
        rows = [_row(entry) for entry in outcome.entries]
        print(f"{'### ' if markdown else ''}{_title(outcome)}\n")
        if markdown:
            _print_markdown(rows)
        else:
            _print_table(rows)
        print(f"\n{_tell_lead(outcome)}\n")
    gain = estimate_gain(outcomes)
    print(f"Mean nDCG@10 over sets, ours against each set's best peer: {_percent(gain)}.")
    if not slow:
        print(SLOW_NOTE)


def _print_markdown(rows: Iterable[Sequence[str]]) -> None:
    for cells in (HEADINGS, ("---", *["---:"] * (len(HEADINGS) - 1)), *rows):
        print(f"| {' | '.join(cells)} |")


def _print_table(rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    for cells in rows:
        table.add_row(*cells)
    Console(width=110).print(table)


def _row(entry: Entry) -> list[str]:
    metrics, evaluation = entry.metrics, entry.evaluation
    _, low, high = entry.estimate(MEASURE)
    return [
        evaluation.ranker,
        *map(_share, (metrics.auc, metrics.mrr, metrics.hit3, metrics.ndcg10)),
        f"{_share(low)}-{_share(high)}",
        *map(_share, (metrics.rec10, metrics.rec100)),
        f"{1000 * evaluation.event_seconds:.2f}",
        f"{evaluation.fit_seconds:.1f}",
    ]


def _title(outcome: Outcome) -> str:
    evaluation = outcome.ours.evaluation
    return f"{outcome.set}: {evaluation.events:,} events of {len(evaluation.by_user):,} users"


def _tell_lead(outcome: Outcome) -> str:
    value, low, high = outcome.lead
    lead = f"nDCG@10, ours minus {outcome.best.evaluation.ranker}: {value:+.3f} ({low:+.3f} to {high:+.3f})."
    missed = [
        f"{measure} ({peer.evaluation.ranker} {_share(getattr(peer.metrics, measure))})"
        for measure, peer in outcome.missed.items()
    ]
    return f"{lead} " + (f"A peer is above us in {', '.join(missed)}." if missed else "No peer is above us.")


def _points(outcome: Outcome) -> list[Point]:
    return [
        Point(
            entry.evaluation.ranker,
            entry is outcome.ours,
            1000 * entry.evaluation.event_seconds,
            *entry.estimate(MEASURE),
        )
        for entry in outcome.entries
    ]


def _share(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value:+.1%} ({estimate.low:+.1%} to {estimate.high:+.1%})"


if __name__ == "__main__":
    main()

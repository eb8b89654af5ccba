"""How long it takes to rank all readers, and one, beside what a peer takes for each of its readers.

    python -m benchmarks.scale [--readers N] [--votes 20] [--candidates 200] [--papers 100000] [--json]

Planning only, from arrays: K of all papers and the candidates, then the picks of every reader with their
reasons, in jobs of some thousand readers, with a threshold and explored picks. Texts are halves of real
abstracts in new pairs, or invented where there are none; a model's vectors are drawn, for their making is
timed elsewhere. Votes fall evenly on all papers, the hardest case for a cache.
Without --readers a thousand to a million are ranked, and the slope says how the cost of readers grows: 1 is
linear. One core is used; seconds are those of the clock, and the ratio to the peer compares processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from benchmarks.crowds import PICKS, build_shelf, draw_asking, draw_candidates, draw_votes, read_texts
from benchmarks.peers import choose_peers
from benchmarks.report import Figure, report
from recommender.batch import recommend_all
from recommender.offer import Offer
from recommender.recommend import recommend
from recommender.replay import ReplayPaper, ReplaySet
from recommender.shelf import Shelf

CROWDS = (1_000, 10_000, 100_000, 1_000_000)
JOB = 4_000
PEER = "arxiv-sanity-lite"
PEER_PAPERS, PEER_READERS = 10_000, 9
TODAY_VOTES, TODAY_CANDIDATES, TODAY_RUNS = 50, (200, 1_000), 21


@dataclass(frozen=True, slots=True)
class World:
    """How much there is of everything but readers."""

    votes: int
    candidates: int
    papers: int


@dataclass(slots=True)
class Stopwatch:
    """Adds up what passes inside of its ``with``: seconds by the clock, and of the processor's work."""

    seconds: float = 0.0
    worked: float = 0.0

    def __enter__(self) -> None:
        self.seconds -= time.perf_counter()
        self.worked -= time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter()
        self.worked += time.process_time()


@dataclass(frozen=True, slots=True)
class Run:
    """What ranking so many readers took.

    Attributes:
        rank_seconds: K and all readers, by the clock.
        readers_seconds: The readers alone.
        peak_mb: The most memory that the process has held so far.
        per_reader_us: ``rank_seconds`` over readers.
        peer_svm_ratio: How many times more processor time the peer takes for a reader, K counted in.
    """

    readers: int
    votes: int
    candidates: int
    papers: int
    rank_seconds: float
    readers_seconds: float
    peak_mb: float
    per_reader_us: float
    peer_svm_ratio: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, help="one crowd instead of all four")
    parser.add_argument("--votes", type=int, default=20)
    parser.add_argument("--candidates", type=int, default=200)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="one JSON line a crowd, then one a figure")
    arguments = parser.parse_args()
    world = World(arguments.votes, arguments.candidates, arguments.papers)
    crowds = [arguments.readers] if arguments.readers else CROWDS
    measure(read_texts(), world, crowds, as_json=arguments.json)


def measure(texts: Sequence[str], world: World, crowds: Sequence[int], *, as_json: bool) -> None:
    """Measure a peer on these texts, then crowds and one reader, and print what each took."""
    peer = _time_peer(texts[:PEER_PAPERS], world)
    report([Figure(f"{PEER} SVM, one reader", 1000 * peer, "ms")], as_json=as_json)
    shelf = build_shelf(texts, world.papers)
    runs = []
    for readers in sorted(crowds):
        runs.append(_rank(shelf, world, readers, peer))
        _print_run(runs[-1], as_json=as_json)
    report(_conclude(runs, shelf), as_json=as_json)


def _rank(shelf: Shelf, world: World, readers: int, peer: float) -> Run:
    """Rank readers in jobs, as planning does; what they ask for is drawn beside the clock."""
    candidates = draw_candidates(world.papers, world.candidates)
    offered, watch = [candidate.paper_id for candidate in candidates], Stopwatch()
    with watch:
        offer = Offer.of(shelf, candidates).extended(shelf, range(world.papers))
    prepared = watch.seconds
    for first in range(0, readers, JOB):
        asking = draw_asking(first, min(JOB, readers - first), world.votes, world.papers, offered)
        with watch:
            offer = offer.extended(shelf, asking.votes.paper_ids)
            ranked = recommend_all(offer, asking)
        assert len(ranked) == len(asking), "a reader was left out"
    return Run(
        readers=readers,
        **asdict(world),
        rank_seconds=watch.seconds,
        readers_seconds=watch.seconds - prepared,
        peak_mb=_peak_bytes() / 1e6,
        per_reader_us=1e6 * watch.seconds / readers,
        peer_svm_ratio=peer * readers / watch.worked,
    )


def _print_run(run: Run, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(run)), flush=True)
        return
    crowd, whole = f", {run.readers:,} readers", run.readers >= CROWDS[-1]
    figures = [
        Figure(f"rank_seconds{crowd}", run.rank_seconds, "s", "at most 100" if whole else ""),
        Figure(f"readers_seconds{crowd}", run.readers_seconds, "s"),
        Figure(f"peak_mb{crowd}", run.peak_mb, "MB", "under 4,000"),
        Figure(f"per_reader_us{crowd}", run.per_reader_us, "us"),
        Figure(f"peer_svm_ratio{crowd}", run.peer_svm_ratio, "times", "at least 1,000" if whole else ""),
    ]
    report(figures, as_json=False)


def _conclude(runs: Sequence[Run], shelf: Shelf) -> Iterator[Figure]:
    if len(runs) > 1:
        readers, seconds = np.log([(run.readers, run.readers_seconds) for run in runs]).T
        slope = float(np.polyfit(readers, seconds, 1)[0])
        yield Figure("slope of readers_seconds, log over log", slope, "", "about 1")
    for candidates in TODAY_CANDIDATES:
        name = f"/today, {len(shelf):,} papers, {candidates:,} candidates"
        yield Figure(name, 1000 * _time_today(shelf, candidates), "ms", "under 50")
    yield Figure("load of the machine in the last minute", os.getloadavg()[0], "")


def _time_peer(texts: Sequence[str], world: World) -> float:
    """Time the peer's learning of one reader and its scores: the median of some, in processor seconds."""
    papers = {
        str(number): ReplayPaper(str(number), text, "", None, None) for number, text in enumerate(texts)
    }
    known = ReplaySet("peer", papers, {}, ())
    (peer,) = (ranker for ranker in choose_peers(known, None, slow=False) if ranker.name == PEER)
    score = peer.fit(list(papers.values()), papers)
    dice = np.random.default_rng(0)
    seconds = []
    for _ in range(PEER_READERS):
        drawn = dice.permutation(list(papers)).tolist()
        begun = time.process_time()
        score(drawn[: world.votes], drawn[world.votes :][: world.candidates])
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds)


def _time_today(shelf: Shelf, candidates: int) -> float:
    """Time what one reader's /today computes: the median of some, by the clock."""
    votes, offers = draw_votes(len(shelf), TODAY_VOTES), draw_candidates(len(shelf), candidates)
    seconds = []
    for _ in range(TODAY_RUNS):
        begun = time.perf_counter()
        assert recommend(shelf, votes, offers, PICKS)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def _peak_bytes() -> float:
    """Give the highest resident memory of this process so far; macOS alone counts it in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()

"""How long papers take to become vectors, and what memory they need: `python -m benchmarks.vectors [--json]`.

A new day's papers with the model and without it, a space fitted anew, and a large shelf. Texts are the
real papers of ../shared where those are, else invented; those of the large shelf are halves of them in new
pairs. Where the model would read for ten minutes its vectors are drawn instead, rows of length one, and the
figure says so. Seconds are those of the clock, medians of some runs: measure on a quiet machine, the load is
printed last.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from benchmarks.crowds import build_shelf, read_texts
from benchmarks.report import Figure, report
from bot.ranking.minilm import load_minilm
from bot.ranking.model_files import ModelError
from bot.settings import load_settings
from recommender.embedder import Embedder
from recommender.shelf import Shelf

FITTED, SHELVED, DAY = 20_000, 100_000, 100

_WIDTH = 384  # of a model's vectors
_RUNS = 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fitted", type=int, default=FITTED, help="papers that a space is fitted on")
    parser.add_argument("--shelved", type=int, default=SHELVED, help="papers on the large shelf")
    parser.add_argument("--json", action="store_true", help="one JSON line a figure")
    arguments = parser.parse_args()
    report(measure(arguments.fitted, arguments.shelved), as_json=arguments.json)


def measure(fitted: int, shelved: int) -> Iterator[Figure]:
    """Measure everything, the least memory first, for its peak only grows."""
    texts = read_texts()
    papers = {number: texts[number % len(texts)] for number in range(fitted)}
    day = {-number: text for number, text in enumerate(texts[-DAY:], start=1)}
    yield from _measure_words(papers, day)
    yield from _measure_model(papers, day)
    yield from _measure_large(build_shelf(texts, shelved))
    yield Figure("load of the machine in the last minute", os.getloadavg()[0], "")


def _measure_words(papers: Mapping[int, str], day: Mapping[int, str]) -> Iterator[Figure]:
    shelf = Shelf.build(papers)
    yield Figure(f"{len(day)} new papers, by words alone", _time_day(shelf, day), "s", "under 0.2")
    yield _measure_speed("by words alone", shelf, papers)
    fitting = _time(lambda: Shelf.build(papers))
    yield Figure(f"refit on {len(papers):,} papers, by words alone", fitting, "s")


def _measure_model(papers: Mapping[int, str], day: Mapping[int, str]) -> Iterator[Figure]:
    drawn = dict(zip(papers, _draw(len(papers)), strict=True))
    shelf = Shelf.build(papers, drawn)
    if model := _load_model():
        seconds = _time_day(shelf, day, model)
        yield Figure(f"{len(day)} new papers, read by the model", seconds, "s", "under 6")
    yield _measure_speed("drawn vectors at hand", shelf, papers)
    fitting = _time(lambda: Shelf.build(papers, drawn))
    yield Figure(f"refit on {len(papers):,} papers, drawn vectors at hand", fitting, "s", "under 60")
    yield Figure("peak memory of the process, refits done", _peak_bytes() / 1e6, "MB")


def _measure_speed(how: str, shelf: Shelf, papers: Mapping[int, str]) -> Figure:
    texts, drawn = list(papers.values()), _draw(len(papers))
    seconds = _time(lambda: shelf.space.transform(texts, drawn))
    return Figure(f"texts to vectors, {how}", len(texts) / seconds, "texts/s")


def _measure_large(shelf: Shelf) -> Iterator[Figure]:
    words, dense = shelf.vectors.words, shelf.vectors.dense
    name = f"shelf of {len(shelf):,} papers, drawn vectors at hand"
    in_words = words.data.nbytes + words.indices.nbytes + words.indptr.nbytes
    yield Figure(f"{name}: words", in_words / 1e6, "MB")
    yield Figure(f"{name}: meaning", dense.nbytes / 1e6, "MB")
    yield Figure("peak memory of the process, that shelf built", _peak_bytes() / 1e6, "MB")


def _load_model() -> Embedder | None:
    settings = load_settings()
    try:
        return load_minilm(settings.embedding_model, settings.data_dir)
    except ModelError as error:
        sys.stderr.write(f"The model is not measured: {error}\n")
        return None


def _time_day(shelf: Shelf, day: Mapping[int, str], model: Embedder | None = None) -> float:
    """Time how new papers come to stand on a shelf."""

    def add() -> None:
        meanings = dict(zip(day, model.embed(list(day.values())), strict=True)) if model else None
        assert len(shelf.extended(day, meanings)) == len(shelf) + len(day), "a paper is missing"

    return _time(add)


def _time(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(_RUNS):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def _draw(rows: int) -> npt.NDArray[np.float32]:
    """Draw what a model might say of texts: rows of length one."""
    drawn = np.random.default_rng(0).standard_normal((rows, _WIDTH), dtype=np.float32)
    lengths: npt.NDArray[np.float32] = np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn / lengths


def _peak_bytes() -> float:
    """Give the highest resident memory of this process so far; macOS alone counts it in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()

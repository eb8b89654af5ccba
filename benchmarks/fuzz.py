"""Parses mutants of dumps for a set time: `python -m benchmarks.fuzz [--seconds 60] [--seed 1] [--json]`.

What is promised of every body (`benchmarks.promises`) is held against what comes out, and so are time and
memory against its size. The work is done in a process of its own, so that a hang and a crash are found too.
Each input that breaks a promise is saved in a folder, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from benchmarks.mutants import breed, read_corpus
from benchmarks.promises import find_broken
from benchmarks.report import Figure, report
from sources.parsing import parse
from sources.unpacking import UnpackingError, unpack
from sources.values import LARGEST_DUMP, Parsed

_HANG = 30.0  # seconds without a word from the worker
_SECONDS_A_MB = 3.0
_LEAST_SECONDS = 0.25
_MULTIPLE = 50  # of the input, in memory
_LEAST_MEMORY = 8_000_000
_LARGE = 20_000  # bytes: of smaller inputs, ratios say nothing
_WEIGHED = 16  # one input in so many is weighed, for that takes long
_REPEATED = 4
_TRIES = 3


class Outcome(NamedTuple):
    """What became of one input: how much it costs for each byte and each promise that it broke, in words."""

    number: int
    papers: int = 0
    seconds_a_mb: float = 0.0
    multiple: float = 0.0
    broken: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """All outcomes, summed up."""

    inputs: int = 0
    papers: int = 0
    slowest: float = 0.0
    fattest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        self.inputs += 1
        self.papers += outcome.papers
        self.slowest = max(self.slowest, outcome.seconds_a_mb)
        self.fattest = max(self.fattest, outcome.multiple)


def main() -> None:
    """Fuzz, print what was found, and exit with 1 where a promise was broken."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1, help="another one gives other mutants")
    arguments.add_argument("--folder", type=Path, default=Path("fuzz-failures"), help="for inputs that fail")
    arguments.add_argument("--json", action="store_true", help="one JSON line a figure")
    given = arguments.parse_args()
    tally = fuzz(given.seed, given.seconds, given.folder)
    report(_figures(tally), as_json=given.json)
    for failure in tally.failures:
        print(failure, file=sys.stderr)
    sys.exit(bool(tally.failures))


def fuzz(seed: int, seconds: float, folder: Path) -> Tally:
    """Try mutant after mutant; save those that break a promise in ``folder``, which is made where need be."""
    tally = Tally()
    corpus = read_corpus()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for outcome in _run_worker(seed, tally.inputs, end):
            tally.add(outcome)
            if outcome.broken:
                path = _save(folder, seed, outcome.number, breed(corpus, seed, outcome.number))
                tally.failures += [f"{path}: {promise}" for promise in outcome.broken]
    return tally


def _run_worker(seed: int, first: int, end: float) -> Iterator[Outcome]:
    """Give the outcomes of a worker, until the time is over or an input has been the end of it."""
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe(duplex=False)
    worker = context.Process(target=_work, args=(its, seed, first, end - time.monotonic()), daemon=True)
    worker.start()
    its.close()
    done = first
    try:
        while ours.poll(_HANG):
            yield ours.recv()
            done += 1
        yield Outcome(done, broken=(f"nothing came back for {_HANG:g} seconds",))
    except EOFError:
        worker.join()
        if worker.exitcode:
            yield Outcome(done, broken=(f"the process died with exit status {worker.exitcode}",))
    finally:
        worker.kill()
        worker.join()


def _work(pipe: Connection, seed: int, first: int, seconds: float) -> None:
    corpus = read_corpus()
    end = time.monotonic() + seconds
    number = first
    while time.monotonic() < end:
        pipe.send(_try(number, breed(corpus, seed, number)))
        number += 1


def _try(number: int, body: bytes) -> Outcome:
    try:
        size = _unpacked_size(body)
        seconds, parsed = _time(body)
        broken = list(find_broken(parsed))
        limit = _LEAST_SECONDS + size / 1e6 * _SECONDS_A_MB
        if seconds > limit and min(_time(body)[0] for _ in range(_TRIES)) > limit:
            broken.append(f"{seconds:.2f} seconds for {size:,} bytes")
        if number % _REPEATED == 0 and parse(body) != parsed:
            broken.append("the same input gives another output")
        memory = _weigh(body) if number % _WEIGHED == 0 else 0
        if memory > _LEAST_MEMORY + _MULTIPLE * size:
            broken.append(f"{memory:,} bytes of memory for {size:,} bytes")
    except Exception as error:  # noqa: BLE001 - what may be raised here is what is sought
        return Outcome(number, broken=(f"raised {error!r}"[:200],))
    large = size >= _LARGE
    return Outcome(
        number,
        len(parsed.papers),
        seconds / size * 1e6 if large else 0.0,
        memory / size if large else 0.0,
        tuple(broken[:_TRIES]),
    )


def _unpacked_size(body: bytes) -> int:
    """Give the size of what there is to parse: that of a bomb is that of what it may unpack to."""
    if not body.startswith(b"\x1f\x8b"):
        return len(body)
    try:
        return len(unpack(body, LARGEST_DUMP))
    except UnpackingError:
        return LARGEST_DUMP


def _time(body: bytes) -> tuple[float, Parsed]:
    begin = time.process_time()
    parsed = parse(body)
    return time.process_time() - begin, parsed


def _weigh(body: bytes) -> int:
    tracemalloc.start()
    try:
        parse(body)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _save(folder: Path, seed: int, number: int, body: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{seed}-{number}"
    path.write_bytes(body)
    return path


def _figures(tally: Tally) -> Iterator[Figure]:
    yield Figure("fuzz: inputs parsed", tally.inputs, "inputs")
    yield Figure("fuzz: papers found in them", tally.papers, "papers")
    yield Figure("fuzz: slowest large input", tally.slowest, "s/MB", f"at most {_SECONDS_A_MB:g}")
    yield Figure("fuzz: most memory, of the input", tally.fattest, "times", f"at most {_MULTIPLE}")
    yield Figure("fuzz: broken promises", len(tally.failures), "", "none")


if __name__ == "__main__":
    main()

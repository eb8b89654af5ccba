"""Days of traffic in minutes, and what they leave behind: memory, files, threads, tasks, connections.

Readers have their digests, press, search, ask and change their settings, sources bring new papers; nothing
goes wrong. What rises with every day is a leak; what rises at first and then stays is a cache.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.chaos.scene import Scene, set_up
from benchmarks.chaos.storms import calm_down, count_undone
from benchmarks.report import Figure

DAYS = 60
READERS, GROUPS = 500, 10
_DAY_SECONDS = 7.0  # of real time
_STEP_SECONDS = 0.1
_ACTS_A_STEP = 4
_SAMPLE_SECONDS = 3.0
_MOST_UNDONE = 30
_WARM_UP = 0.25  # the share of the time in which caches fill


@dataclass(frozen=True, slots=True)
class Sample:
    """What the bot holds at one moment."""

    at: float
    memory: float
    files: int
    connections: int
    threads: int
    tasks: int


async def measure(days: int = DAYS, readers: int = READERS) -> list[Figure]:
    """Live through so many days, and look at the bot every few seconds."""
    with tempfile.TemporaryDirectory() as folder:
        async with set_up(Path(folder), 1, readers=readers, groups=GROUPS) as scene:
            begun = time.monotonic()
            samples = await _live(scene, days)
            ((sent,),) = scene.read("select count(*) from digests where state = 'sent'")
            ((others,),) = scene.read("select count(*) from digests where state in ('skipped', 'failed')")
            wrong = await calm_down(scene)
            sys.stderr.writelines(f"{words}\n" for words in wrong)
            return [
                Figure(f"soak: {days} days of {readers} readers", time.monotonic() - begun, "s"),
                Figure("soak: digests sent", sent, "", "all that were due"),
                Figure("soak: digests skipped or failed", others, "", "0"),
                Figure("soak: updates", scene.crowd.done.total(), ""),
                Figure("soak: promises broken", len(wrong), "", "0"),
                *_judge_memory(samples),
                *_judge_holdings(samples),
            ]


async def _live(scene: Scene, days: int) -> list[Sample]:
    """Let days pass."""
    ends = scene.clock() + timedelta(days=days)
    samples = [await _sample(scene)]
    while scene.clock() < ends:
        if count_undone(scene) <= _MOST_UNDONE:  # a busy machine makes days longer, not digests late
            scene.move_on(days=_STEP_SECONDS / _DAY_SECONDS)
            for _ in range(_ACTS_A_STEP):
                scene.crowd.act()
        if time.monotonic() - samples[-1].at > _SAMPLE_SECONDS:
            samples.append(await _sample(scene))
        await asyncio.sleep(_STEP_SECONDS)
    return samples


async def _sample(scene: Scene) -> Sample:
    child = scene.child
    return Sample(
        time.monotonic(),
        child.resident_mb(),
        child.count_files(),
        child.count_files("paperboy.db"),
        child.count_threads(),
        await child.count_tasks(),
    )


def _judge_memory(samples: Sequence[Sample]) -> list[Figure]:
    """Tell the memory of each quarter, and how it still rises once the caches are full."""
    quarters = _quarters([sample.memory for sample in samples])
    later = samples[int(len(samples) * _WARM_UP) :]
    slope, _ = statistics.linear_regression(
        [sample.at / 3600 for sample in later], [sample.memory for sample in later]
    )
    return [
        *(
            Figure(f"soak: memory, quarter {place}", memory, "MB")
            for place, memory in enumerate(quarters, start=1)
        ),
        Figure("soak: memory, second quarter to fourth", quarters[3] - quarters[1], "MB", "flat"),
        Figure("soak: memory, slope after the first quarter", slope, "MB/h of real time"),
    ]


def _judge_holdings(samples: Sequence[Sample]) -> list[Figure]:
    """Tell of all else the most, and how much more of it there was in the last quarter than in the second."""
    figures = []
    for what in ("files", "connections", "threads", "tasks"):
        counts = [float(getattr(sample, what)) for sample in samples]
        quarters = _quarters(counts)
        figures += [
            Figure(f"soak: {what}, at most", max(counts), ""),
            Figure(f"soak: {what}, second quarter to fourth", quarters[3] - quarters[1], "", "0"),
        ]
    return figures


def _quarters(values: Sequence[float]) -> list[float]:
    """Give the median of each quarter."""
    size = max(len(values) // 4, 1)
    return [statistics.median(values[place * size : (place + 1) * size] or values[-1:]) for place in range(4)]

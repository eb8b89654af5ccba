"""A push as fast as it goes: no limits, everybody due at once, until all of it is settled in the ledger."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from benchmarks.load.stage import Stage, staged, until
from benchmarks.postoffice import Letter, PostOffice
from benchmarks.report import Figure

READERS = 20_000
SLICE = 5.0  # seconds
_PATIENCE = 600.0


async def measure(readers: int = READERS) -> list[Figure]:
    """Push a digest to so many readers."""
    async with staged(PostOffice(), waiting=readers, is_paced=False) as stage:
        worked = stage.child.cpu_seconds()
        assert await until(lambda: len(stage.office.letters) >= readers, _PATIENCE), "the push does not end"
        assert await until(lambda: count_unsent(stage) == 0, _PATIENCE), "not all of it is settled"
        worked = stage.child.cpu_seconds() - worked
        letters = stage.office.letters
        assert len({letter.chat_id for letter in letters}) == readers == len(letters)
        return [
            Figure(f"push to {readers:,}: median of 5 s", pace(letters), "messages/s", "at least 250"),
            Figure("push: from first to last", span_rate(letters), "messages/s"),
            Figure("push: processor time of the bot", 1e3 * worked / readers, "ms/message"),
            *stage.judge_itself(),
        ]


def count_unsent(stage: Stage) -> int:
    """Count what the ledger still has to send."""
    ((count,),) = stage.read("select count(*) from digests where state in ('planned', 'sending')")
    return int(count)


def pace(letters: Sequence[Letter], width: float = SLICE) -> float:
    """Tell the median of the letters a second in whole slices; of all where there is no whole slice."""
    begun, ended = letters[0].at, letters[-1].at
    whole = int((ended - begun) / width)
    if not whole:
        return span_rate(letters)
    slices = Counter(int((letter.at - begun) / width) for letter in letters)
    return statistics.median(slices[number] for number in range(whole)) / width


def span_rate(letters: Sequence[Letter]) -> float:
    """Tell the letters a second from the first to the last."""
    return (len(letters) - 1) / (letters[-1].at - letters[0].at)

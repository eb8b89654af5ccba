"""Presses while a push is under way: they come when they come, and each is timed until its answer.

An open loop: the next press does not wait for the answer of the one before, as people do not wait for each
other. What the database says of the votes in the end is held against the presses.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence

from benchmarks.load.paced import strict_rates
from benchmarks.load.push import count_unsent
from benchmarks.load.stage import Stage, staged, until
from benchmarks.load.subscribers import FIRST_CHAT, PICKS_EACH
from benchmarks.postoffice import PostOffice, Press, Rates
from benchmarks.report import Figure

RATE = 200.0
PRESSERS, WAITING = 2_000, 50_000
_PATIENCE = 60.0
_WARM_UP = 5.0
_LIKING = 0.7  # the share of thumbs that go up
_FLOOD = 429

Vote = tuple[int, int]  # digest, position


async def measure(
    seconds: float, *, is_paced: bool = True, rate: float = RATE, waiting: int = WAITING
) -> list[Figure]:
    """Press for so long, at Telegram's limits or without any."""
    office = PostOffice(rates=strict_rates() if is_paced else Rates())
    async with staged(office, served=PRESSERS, waiting=waiting, is_paced=is_paced) as stage:
        await asyncio.sleep(_WARM_UP)
        sent, edited, worked = len(office.letters), office.edits.total(), stage.child.cpu_seconds()
        presses, expected = await press_about(office, seconds, rate)
        sent, edited = len(office.letters) - sent, office.edits.total() - edited
        worked = stage.child.cpu_seconds() - worked
        left = count_unsent(stage)
        await until(lambda: all(press.answered.done() for press in presses), _PATIENCE)
        taken = sorted(press.seconds for press in presses if press.seconds is not None)
        name = f"presses, {'paced' if is_paced else 'unlimited'}"
        return [
            Figure(f"{name}: {len(presses) / seconds:.0f}/s, median", 1e3 * statistics.median(taken), "ms"),
            Figure(f"{name}: 99th percentile", 1e3 * taken[int(len(taken) * 0.99)], "ms", "under 150"),
            Figure(f"{name}: slowest", 1e3 * taken[-1], "ms"),
            Figure(f"{name}: unanswered", len(presses) - len(taken), "presses", "0"),
            Figure(f"{name}: votes that are not as pressed", count_wrong(stage, expected), "votes", "0"),
            Figure(f"{name}: pushed meanwhile", sent / seconds, "messages/s"),
            Figure(f"{name}: left to push at the end", left, "messages", "above 0"),
            Figure(f"{name}: buttons drawn anew", edited / seconds, "edits/s"),
            Figure(f"{name}: refused as too many", office.refused[_FLOOD], "requests", "0"),
            Figure(f"{name}: processor time of the bot", 100 * worked / seconds, "%"),
            *stage.judge_itself(),
        ]


async def press_about(
    office: PostOffice, seconds: float, rate: float
) -> tuple[Sequence[Press], dict[Vote, bool | None]]:
    """Press thumbs of served readers at random; tell the presses, and how the votes must stand after them."""
    dice = random.Random(2)  # noqa: S311 - a benchmark wants the same numbers each time
    presses: list[Press] = []
    votes: dict[Vote, bool | None] = {}
    moment = begun = time.monotonic()
    while (moment := moment + dice.expovariate(rate)) < begun + seconds:
        await asyncio.sleep(max(moment - time.monotonic(), 0))
        number, position, up = dice.randrange(PRESSERS), dice.randrange(PICKS_EACH), dice.random() < _LIKING
        data = f"vote:{number + 1}:{position}:{'up' if up else 'down'}"
        presses.append(office.press(FIRST_CHAT + number, number + 1, data))
        vote = number + 1, position
        votes[vote] = None if votes.get(vote) is up else up
    return presses, votes


def count_wrong(stage: Stage, expected: dict[Vote, bool | None]) -> int:
    """Count the votes under digests that are not as they were pressed; each reader's own like is none."""
    rows = stage.read(
        "select picks.digest_id, picks.position, votes.up from picks"
        " join digests on digests.id = picks.digest_id"
        " join votes on votes.chat_id = digests.chat_id and votes.paper_id = picks.paper_id"
    )
    stand = {(digest_id, position): bool(up) for digest_id, position, up in rows}
    standing = {vote: up for vote, up in expected.items() if up is not None}
    return len(stand.items() ^ standing.items())

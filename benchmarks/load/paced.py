"""A push at Telegram's limits: the office counts in every window, and refuses what is over one of them."""

from __future__ import annotations

import asyncio

from benchmarks.load.push import span_rate
from benchmarks.load.stage import staged
from benchmarks.postoffice import PostOffice, Rates
from benchmarks.report import Figure

PER_SECOND, PER_CHAT_SECOND, PER_GROUP_MINUTE = 30, 1, 20
_FLOOD = 429


def strict_rates() -> Rates:
    """Keep to Telegram's limits, and not a message above."""
    return Rates(PER_SECOND, PER_CHAT_SECOND, PER_GROUP_MINUTE)


async def measure(seconds: float) -> list[Figure]:
    """Push for so long, with more to send than goes out in that time."""
    office = PostOffice(rates=strict_rates())
    waiting = int(seconds * PER_SECOND * 1.2) + 1_000
    async with staged(office, waiting=waiting, is_paced=True) as stage:
        await asyncio.sleep(seconds)
        letters = list(office.letters)
        return [
            Figure(f"paced for {seconds:.0f} s", span_rate(letters), "messages/s", "30, within 2 %"),
            Figure("paced: the fullest second", office.rates.fullest_second, "messages", "at most 30"),
            Figure("paced: refused as too many", office.refused[_FLOOD], "messages", "0"),
            *stage.judge_itself(),
        ]

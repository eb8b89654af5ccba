"""How fast a thumb is answered, and what memory the bot holds, with 10,000 papers and 1,000 readers stored.

The bot runs as `paperboy run` does, in a process of its own. A thumb takes from the press to the answer, as
the stand-in for Telegram sees it, with both ways over HTTP in it.

    python -m benchmarks.thumb [--presses 300] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.inhabited import TOKEN, populate, start_bot
from benchmarks.report import Figure, report
from bot.playground.server import Playground

CHAT = 1
BREATH = 0.05  # seconds between two presses of one person: the bot has redrawn its buttons and listens again


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--presses", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_measure(Path(folder), arguments.presses))
    report(figures, as_json=arguments.json)


async def _measure(folder: Path, presses: int) -> list[Figure]:
    await populate(folder)
    telegram = Playground(TOKEN, port=0)
    await telegram.start()
    async with httpx.AsyncClient(base_url=telegram.url, timeout=60) as http:
        bot = start_bot(telegram.url, folder)
        try:
            asked = await _timed_today(http)
            seconds = [await _timed_press(http, number) for number in range(presses)]
            resident, peak = _resident(bot.pid, "VmRSS"), _resident(bot.pid, "VmHWM")
        finally:
            bot.terminate()
            bot.wait()
    await telegram.stop()
    milliseconds = sorted(1000 * second for second in seconds)
    return [
        Figure("thumb answered, median", statistics.median(milliseconds), "ms", "under 20"),
        Figure("thumb answered, 99th percentile", milliseconds[int(0.99 * len(milliseconds))], "ms"),
        Figure("/today answered, vectors made", 1000 * asked, "ms"),
        Figure("resident memory, now", resident, "MB", "under 400"),
        Figure("resident memory, peak", peak, "MB"),
    ]


async def _timed_today(http: httpx.AsyncClient) -> float:
    """Time the second /today: the first one waits for the bot to start and to make its vectors."""
    await _ask(http, digests=1)
    begun = time.perf_counter()
    await _ask(http, digests=2)
    return time.perf_counter() - begun


async def _ask(http: httpx.AsyncClient, digests: int) -> None:
    await http.post(f"/user/chats/{CHAT}/messages", json={"text": "/today"})
    while len(await _digests(http)) < digests:  # noqa: ASYNC110 - the chat is looked at from outside
        await asyncio.sleep(0.005)


async def _timed_press(http: httpx.AsyncClient, number: int) -> float:
    digest = (await _digests(http))[-1]
    row = digest["reply_markup"]["inline_keyboard"][number % 3]
    press = {"message_id": digest["message_id"], "data": row[0]["callback_data"]}
    begun = time.perf_counter()
    answer = await http.post(f"/user/chats/{CHAT}/presses?wait=30", json=press)
    seconds = time.perf_counter() - begun
    assert answer.json()["answer"]["text"], "the thumb was not answered"
    await asyncio.sleep(BREATH)
    return seconds


async def _digests(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    messages = (await http.get(f"/user/chats/{CHAT}/messages")).json()
    return [message for message in messages if "reply_markup" in message]


def _resident(pid: int, what: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split(f"{what}:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()

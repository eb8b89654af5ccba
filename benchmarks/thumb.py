"""How fast a thumb is answered, and what memory the bot holds, with 10,000 papers and 1,000 readers stored.

The bot runs as `paperboy run` does, in a process of its own. A thumb takes from the press to the answer, as
the stand-in for Telegram sees it, with both ways over HTTP in it.

    python -m benchmarks.thumb [--presses 300] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from benchmarks.report import Figure, report
from bot.app import utc_now
from bot.playground.server import Playground
from recommender.values import Paper, Pick, Slot
from storage import ledger, papers, readers, votes
from storage.database import Database
from storage.ledger import Kind

PAPERS, READERS, VOTES = 10_000, 1_000, 20
TOKEN = "4242424242:a-token-that-opens-a-playground"  # noqa: S105 - it opens nothing else
CHAT = 1
WORDS = 3_000
BREATH = 0.05  # seconds between two presses of one person: the bot has redrawn its buttons and listens again
LIKING = 0.7  # the share of thumbs that go up


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
    await _people(Database(f"sqlite:///{folder / 'paperboy.db'}"))
    telegram = Playground(TOKEN, port=0)
    await telegram.start()
    async with httpx.AsyncClient(base_url=telegram.url, timeout=60) as http:
        bot = _start_bot(telegram.url, folder)
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


def _start_bot(api_url: str, folder: Path) -> subprocess.Popen[bytes]:
    chosen = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "DATA_DIR": str(folder),
        "DUMPS_DIR": "",
        "SOURCES": "",
    }
    command = [sys.executable, "-m", "bot.cli", "run"]
    return subprocess.Popen(command, env=os.environ | chosen, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


async def _people(database: Database) -> None:
    """Store papers, and readers with a digest and votes each."""
    now = utc_now()
    dice = random.Random(0)  # noqa: S311 - a benchmark wants the same numbers each time
    await database.open()
    async with database.writing() as session:
        stored = (await papers.upsert(session, list(_papers(dice)), now)).added
        for chat_id in range(1_000_000, 1_000_000 + READERS):
            await readers.subscribe(session, chat_id, "private", now)
            picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in dice.sample(stored, 3)]
            await ledger.plan(session, chat_id, Kind.ASKED, picks, now)
            for paper_id in dice.sample(stored, VOTES):
                await votes.put(session, chat_id, chat_id, paper_id, dice.random() < LIKING, now)
        for digest in await ledger.claim(session, now, timedelta(minutes=1), READERS):
            await ledger.sent(session, digest.id, 1, now)
    await database.close()


def _papers(dice: random.Random) -> Iterator[Paper]:
    """Invent papers of about 180 words, whose words are as unevenly common as those of a language."""
    words = [f"word{n}" for n in range(WORDS)]
    weights = [1 / (rank + 3) for rank in range(WORDS)]
    for number in range(PAPERS):
        drawn = dice.choices(words, weights, k=190)
        yield Paper(
            title=f"{' '.join(drawn[:10])} {number}", abstract=" ".join(drawn[10:]), upvotes=number % 90
        )


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

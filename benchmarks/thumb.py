"""How fast a thumb is answered, and what memory the bot holds, with 10,000 papers and 1,000 readers stored.

The bot and the stand-in for Telegram share one process and one core, so both figures are upper bounds.

    python -m benchmarks.thumb [--presses 300] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.report import Figure, report
from bot.app import Paperboy, assembled, connected, utc_now
from bot.application import TelegramAccess
from bot.playground.server import Playground
from bot.settings import Settings
from bot.updates import receive_updates
from recommender.values import Paper, Pick, Slot
from storage import ledger, papers, readers, votes
from storage.ledger import Kind

PAPERS, READERS, VOTES = 10_000, 1_000, 20
TOKEN = "4242424242:a-token-that-opens-a-playground"  # noqa: S105 - it opens nothing else
CHAT = 1
WORDS = 3_000
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
    settings = Settings(_env_file=None, data_dir=folder, dumps_dir=None, sources=(), database_url=None)
    async with _town(settings) as (paperboy, http):
        await _people(paperboy)
        await paperboy.ranker.renew()
        asked = await _timed_today(http)
        seconds = [await _timed_press(http, number) for number in range(presses)]
    milliseconds = [1000 * second for second in sorted(seconds)]
    return [
        Figure("thumb answered, median", statistics.median(milliseconds), "ms", "under 20"),
        Figure("thumb answered, 99th percentile", milliseconds[int(0.99 * len(milliseconds))], "ms"),
        Figure("/today answered", 1000 * asked, "ms"),
        Figure("resident memory, now", _resident_now(), "MB", "under 400"),
        Figure("resident memory, peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"),
    ]


@asynccontextmanager
async def _town(settings: Settings) -> AsyncIterator[tuple[Paperboy, httpx.AsyncClient]]:
    telegram = Playground(TOKEN, port=0)
    await telegram.start()
    access = TelegramAccess(TOKEN, telegram.base_url, telegram.base_file_url)
    async with (
        httpx.AsyncClient(base_url=telegram.url, timeout=60) as http,
        assembled(settings, access) as paperboy,
        connected(paperboy.application),
    ):
        receiving = asyncio.create_task(receive_updates(paperboy.application))
        yield paperboy, http
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)
    await telegram.stop()


async def _people(paperboy: Paperboy) -> None:
    """Store papers, and readers with a digest and votes each."""
    now = utc_now()
    dice = random.Random(0)  # noqa: S311 - a benchmark wants the same numbers each time
    async with paperboy.database.writing() as session:
        stored = (await papers.upsert(session, list(_papers(dice)), now)).added
        for chat_id in range(1_000_000, 1_000_000 + READERS):
            await readers.subscribe(session, chat_id, "private", now)
            picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in dice.sample(stored, 3)]
            await ledger.plan(session, chat_id, Kind.ASKED, picks, now)
            for paper_id in dice.sample(stored, VOTES):
                await votes.put(session, chat_id, chat_id, paper_id, dice.random() < LIKING, now)


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
    begun = time.perf_counter()
    await http.post(f"/user/chats/{CHAT}/messages", json={"text": "/today"})
    while not await _digest(http):  # noqa: ASYNC110 - the chat is looked at from outside
        await asyncio.sleep(0.005)
    return time.perf_counter() - begun


async def _timed_press(http: httpx.AsyncClient, number: int) -> float:
    digest = await _digest(http)
    row = digest["reply_markup"]["inline_keyboard"][number % 3]
    press = {"message_id": digest["message_id"], "data": row[0]["callback_data"]}
    begun = time.perf_counter()
    answer = await http.post(f"/user/chats/{CHAT}/presses?wait=30", json=press)
    seconds = time.perf_counter() - begun
    assert answer.json()["answer"]["text"], "the thumb was not answered"
    return seconds


async def _digest(http: httpx.AsyncClient) -> dict[str, Any]:
    messages = (await http.get(f"/user/chats/{CHAT}/messages")).json()
    return next((message for message in messages if "reply_markup" in message), {})


def _resident_now() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()

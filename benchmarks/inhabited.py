"""A bot with much to remember, in a process of its own: what benchmarks of the chat are run against."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.clock import utc_now
from recommender.values import Paper, Pick, Slot
from storage import ledger, papers, readers, votes
from storage.database import Database
from storage.ledger import Kind, Outcome, State

PAPERS, READERS, VOTES = 10_000, 1_000, 20
TOKEN = "4242424242:a-token-that-opens-a-playground"  # noqa: S105 - it opens nothing else
WORDS = 3_000
LIKING = 0.7  # the share of thumbs that go up


def start_bot(api_url: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start the bot as `paperboy run` does, on a database in a folder."""
    chosen = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "DATA_DIR": str(folder),
        "DUMPS_DIR": "",
        "SOURCES": "",
    }
    command = [sys.executable, "-m", "bot.cli", "run"]
    return subprocess.Popen(command, env=os.environ | chosen, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


async def populate(folder: Path) -> None:
    """Store papers, and readers with a digest and votes each."""
    now = utc_now()
    dice = random.Random(0)  # noqa: S311 - a benchmark wants the same numbers each time
    database = Database(f"sqlite:///{folder / 'paperboy.db'}")
    await database.open()
    async with database.writing() as session:
        stored = (await papers.upsert(session, list(_papers(dice)), now)).added
        for chat_id in range(1_000_000, 1_000_000 + READERS):
            await readers.subscribe(session, chat_id, "private", now)
            picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in dice.sample(stored, 3)]
            await ledger.plan(session, chat_id, Kind.ASKED, picks, now)
            for paper_id in dice.sample(stored, VOTES):
                await votes.put(session, chat_id, chat_id, paper_id, dice.random() < LIKING, now)
        claimed = await ledger.claim(session, now, timedelta(minutes=1), READERS)
        outcomes = [Outcome(digest_id=one.id, state=State.SENT, message_id=1) for one in claimed]
        await ledger.settle(session, outcomes, now)
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

"""The town: papers, readers and what they voted, the same each time, filled in past the bot.

The hard case in all that costs: everybody is due in the same minute, votes fall evenly on all papers, and
stand in the table in the order of their time, so that those of one reader are on as many pages as they are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
import numpy as np
import numpy.typing as npt

from benchmarks.crowds import LIKING, read_texts
from benchmarks.million.binary import Columns, copy_in
from recommender.first_history import state
from recommender.interests import Interests
from recommender.values import Paper
from storage import papers
from storage.batches import batches
from storage.database import Database

FIRST_CHAT = 1_000_000
DUE = datetime(2026, 11, 20, 7, tzinfo=UTC)  # eight o'clock in Berlin
LISTED = DUE - timedelta(days=1)  # when the candidates came
SHELVED = DUE - timedelta(days=90)  # when the others did
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_PHRASES = ("graph networks", "protein folding", "speech recognition", "robot learning", "sparse models")
_STATED_BY, _RULED_BY, _CARDS_FOR = 10, 20, 20  # one reader in so many


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    readers: int
    papers: int
    candidates: int
    votes: int  # of each reader


async def fill(url: str, size: Size) -> None:
    """Fill an empty database that the bot has opened once."""
    database = Database(url)
    await database.open()
    await _fill_papers(database, size)
    await database.close()
    connection = await asyncpg.connect(url)
    try:
        await _fill_readers(connection, size.readers)
        await _fill_votes(connection, size)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _fill_papers(database: Database, size: Size) -> None:
    invented = _invent_papers(size.papers)
    old, new = invented[: -size.candidates], invented[-size.candidates :]
    for batch, seen in (*((batch, SHELVED) for batch in batches(old, 10_000)), (new, LISTED)):
        async with database.writing() as session:
            await papers.upsert(session, batch, seen)


def _invent_papers(count: int) -> list[Paper]:
    """Make papers of halves of real abstracts in new pairs."""
    halves = [(text[: len(text) // 2], text[len(text) // 2 :]) for text in read_texts()]
    dice = random.Random(0)  # noqa: S311 - a benchmark wants the same numbers each time
    return [
        Paper(
            title=f"{' '.join(dice.choice(halves)[0].split()[:8])} {number}",
            abstract=dice.choice(halves)[0] + dice.choice(halves)[1],
            arxiv_id=f"2{number // 100_000:03}.{number % 100_000:05}",
            authors=("A. Author", "B. Author"),
            upvotes=int(dice.paretovariate(1) * 10) % 1_000,
        )
        for number in range(count)
    ]


async def _fill_readers(connection: asyncpg.Connection, readers: int) -> None:
    """Subscribe private chats, all at the same hour; some stated interests, some have rules or want cards."""
    last = FIRST_CHAT + readers - 1
    await connection.execute(_READERS, FIRST_CHAT, last, DUE, _CARDS_FOR)
    for number, interest in enumerate(state(Interests(wanted=_PHRASES, unwanted=()))):
        chosen = (FIRST_CHAT, last, interest.id, interest.phrase, DUE, _STATED_BY, number)
        await connection.execute(_INTERESTS, *chosen)
    await connection.execute(_RULES, FIRST_CHAT, last, DUE, _RULED_BY)


async def _fill_votes(connection: asyncpg.Connection, size: Size) -> None:
    """Cast the votes, in the order of their time; the keys are made anew behind them, which is faster."""
    paper_ids = np.array([row["id"] for row in await connection.fetch("SELECT id FROM papers ORDER BY id")])
    kept = await connection.fetch(_KEYS)
    for key in kept:
        await connection.execute(f"ALTER TABLE votes DROP CONSTRAINT {key['conname']}")
    indexes = await connection.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'votes'")
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['indexname']}")
    await copy_in(connection, "votes", _cast(size, paper_ids))
    for index in indexes:
        await connection.execute(index["indexdef"])
    for key in kept:
        await connection.execute(f"ALTER TABLE votes ADD CONSTRAINT {key['conname']} {key['definition']}")


def _cast(size: Size, paper_ids: npt.NDArray[np.int64]) -> Iterator[Columns]:
    """Cast a vote of each reader, then the next of each: none votes twice on a paper."""
    dice = np.random.default_rng(size.readers)
    first = dice.integers(0, size.papers, size.readers)
    step = dice.integers(1, max(size.papers // size.votes, 2), size.readers)
    for number in range(size.votes):
        order = dice.permutation(size.readers)
        chats = FIRST_CHAT + order
        moment = (SHELVED + number * timedelta(days=1) - _EPOCH) // timedelta(microseconds=1)
        yield {
            "chat_id": chats,
            "paper_id": paper_ids[(first + number * step)[order] % size.papers],
            "person_id": chats,
            "up": dice.random(size.readers) < LIKING,
            "at": np.full(size.readers, moment),
        }


_KEYS = """
SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
WHERE conrelid = 'votes'::regclass AND contype IN ('p', 'f') ORDER BY contype DESC
"""
_READERS = """
INSERT INTO readers (chat_id, kind, hour, timezone, picks, tell_empty, state, next_due_at, misses, days,
                     on_arrival, layout, subscribed_at)
SELECT id, 'private', 8, 'Europe/Berlin', 3, true, 'active', $3::timestamptz, 0, 127, false,
       CASE WHEN id % $4::bigint = 0 THEN 'cards' ELSE 'list' END, $3::timestamptz - interval '90 days'
FROM generate_series($1::bigint, $2::bigint) AS id
"""
_INTERESTS = """
INSERT INTO interests (chat_id, id, phrase, wanted, at)
SELECT chat, $3::bigint, $4, true, $5::timestamptz FROM generate_series($1::bigint, $2::bigint) AS chat
WHERE chat % $6::bigint = 1 AND chat / $6::bigint % 5 = $7::bigint
"""
_RULES = """
INSERT INTO rules (chat_id, kind, field, key, phrase, at)
SELECT chat, CASE WHEN chat % 3 = 0 THEN 'boost' ELSE 'mute' END, 'any', 'large language models',
       'large language models', $3::timestamptz
FROM generate_series($1::bigint, $2::bigint) AS chat WHERE chat % $4::bigint = 2
"""

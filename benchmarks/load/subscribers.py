"""Invents what a bot has in its database on a busy morning: papers, readers, digests sent and to be sent."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper, Pick, Reason, Slot
from storage import papers
from storage.batches import batches
from storage.database import Database
from storage.ledger import Kind, State
from storage.readers import Reader
from storage.rows import pick_values
from storage.tables import DIGESTS, PICKS, READERS, VOTES

FIRST_CHAT = 1_000_000
PAPERS = 300
PICKS_EACH = 3
_WORDS = [f"word{number}" for number in range(3_000)]
_ABSTRACT = 170  # words
_TERMS = ("attention", "sparse routing", "long context")


def invent_papers(count: int, dice: random.Random, tag: str = "") -> list[Paper]:
    """Invent papers of the length of real ones; ``tag`` tells those of different days apart."""
    return [
        Paper(
            title=f"{' '.join(dice.choices(_WORDS, k=9))} {tag}{number}",
            abstract=" ".join(dice.choices(_WORDS, k=_ABSTRACT)),
            authors=tuple(f"Author {dice.randrange(5_000)}" for _ in range(4)),
            upvotes=dice.randrange(100),
        )
        for number in range(count)
    ]


async def fill(folder: Path, now: datetime, *, served: int, waiting: int) -> None:
    """Fill a new database: readers whose digest of today was sent, and others whose digest is due ``now``.

    Chats count from `FIRST_CHAT` on, the served first. Their digests are numbered likewise from 1 on, and the
    message of one that was sent has the number of the digest. Each reader likes one paper, which is the
    reason of the picks.
    """
    dice = random.Random(1)  # noqa: S311 - a benchmark wants the same numbers each time
    database = Database(f"sqlite:///{folder / 'paperboy.db'}")
    await database.open()
    async with database.writing() as session:
        stored = (await papers.upsert(session, invent_papers(PAPERS, dice), now)).added
        for numbers in batches(range(served + waiting)):
            rows: defaultdict[Table, list[dict[str, Any]]] = defaultdict(list)
            for number in numbers:
                for table, row in _rows_of(number, stored, now, dice, is_served=number < served):
                    rows[table].append(row)
            await _enter(session, rows)
    await database.close()


async def _enter(session: AsyncSession, rows: dict[Table, list[dict[str, Any]]]) -> None:
    for table in (READERS, VOTES, DIGESTS, PICKS):
        await session.execute(insert(table), rows[table])


def _rows_of(
    number: int, stored: Sequence[int], now: datetime, dice: random.Random, *, is_served: bool
) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Write one reader down, with a like and a digest."""
    chat_id, digest_id = FIRST_CHAT + number, 1 + number
    liked, *picked = dice.sample(stored, PICKS_EACH + 1)
    yield READERS, asdict(Reader(chat_id=chat_id, kind="private")) | {"subscribed_at": now}
    yield VOTES, {"chat_id": chat_id, "person_id": chat_id, "paper_id": liked, "up": True, "at": now}
    yield (
        DIGESTS,
        {
            "id": digest_id,
            "chat_id": chat_id,
            "kind": Kind.DAILY,
            "layout": "list",
            "local_day": now.date(),
            "planned_at": now,
            "attempts": int(is_served),
            "state": State.SENT if is_served else State.PLANNED,
            "due_at": None if is_served else now,
            "settled_at": now if is_served else None,
            "message_id": digest_id if is_served else None,
        },
    )
    for position, paper_id in enumerate(picked):
        pick = Pick(paper_id, 0.5, Slot.TASTE, Reason(liked, _TERMS))
        yield PICKS, {"digest_id": digest_id, "position": position, **pick_values(pick)}

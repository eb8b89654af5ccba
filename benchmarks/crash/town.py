"""The town whose readers the bot serves: who they are, what they chose, and which papers come each day."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.crash.calendar import due_moments
from benchmarks.load.subscribers import invent_papers
from benchmarks.postoffice import Refused, blocked
from recommender.values import Paper
from storage import papers, readers
from storage.database import Database
from storage.readers import EVERY_DAY, Layout

FIRST = datetime(2025, 10, 20, tzinfo=UTC)  # clocks are set back in Europe that week, in America the next
SHELF, A_DAY = 300, 5
_SHELF_AGE = timedelta(days=30)  # older than what counts as new, so that only what lacks is taken from it
FIRST_CHAT = 1_000_000
_ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Tokyo"),
    *("Australia/Lord_Howe", "Pacific/Auckland"),
)
_WORKDAYS = 0b0011111
_GROUPS, _BUSY, _CARDS, _BLOCKING = 0.1, 0.15, 0.1, 0.05  # the shares of all
_BLOCKED_BY = 200  # hours
_LONGEST_WAIT = timedelta(days=9)  # until a reader's next day, whatever their weekdays


@dataclass(frozen=True, slots=True)
class Resident:
    """One reader, and the people of their chat.

    Attributes:
        blocks_at: From when on they take nothing from the bot any more; None for never.
    """

    chat_id: int
    zone: str
    hour: int
    weekdays: int
    layout: Layout
    picks: int
    blocks_at: datetime | None

    @property
    def kind(self) -> str:
        """The kind of their chat."""
        return "private" if self.chat_id > 0 else "group"

    @property
    def people(self) -> tuple[int, ...]:
        """Who presses buttons there."""
        return (self.chat_id,) if self.chat_id > 0 else (-self.chat_id, -self.chat_id + 1)

    def due(self, after: datetime, until: datetime) -> list[tuple[date, datetime]]:
        """List the local days whose digest, wanted or refused by then, falls due in that time."""
        days = due_moments(self.zone, self.hour, after, until)
        return [(day, due) for day, due in days if self.weekdays >> day.weekday() & 1]


class Town:
    """All residents by their chats, invented by dice.

    Attributes:
        refused_at: When a chat first refused a letter.
    """

    def __init__(self, count: int, dice: random.Random) -> None:
        self._dice = dice
        self.refused_at: dict[int, datetime] = {}
        self.residents = {resident.chat_id: resident for resident in map(self._invent, range(count))}

    def refusal(self, chat_id: int, now: datetime) -> Refused | None:
        """Tell what the post office says to a letter to a chat; None where it takes it."""
        blocks_at = self.residents[chat_id].blocks_at
        if blocks_at is None or now < blocks_at:
            return None
        self.refused_at.setdefault(chat_id, now)
        return blocked()

    def expected(self, chat_id: int, until: datetime) -> list[date]:
        """List the local days of which the ledger must speak: those due up to a moment, or to a refusal."""
        until = min(until, self.refused_at.get(chat_id, until))
        return [day for day, _ in self.residents[chat_id].due(FIRST, until)]

    async def settle(self, database: Database) -> None:
        """Put the residents and the first papers into an opened database."""
        async with database.writing() as session:
            await papers.upsert(session, self._invent_papers(SHELF, "shelf"), FIRST - _SHELF_AGE)
            for resident in self.residents.values():
                fresh, _ = await readers.subscribe(session, resident.chat_id, resident.kind, FIRST)
                await readers.save(session, _with_choices(fresh, resident))

    def publish(self, folder: Path, day: date) -> None:
        """Put the list of a day into the folder that the bot polls, whole at once."""
        entries = [_entry(paper) for paper in self._invent_papers(A_DAY, day.isoformat())]
        unfinished = folder / f"{day}.part"
        unfinished.write_text(json.dumps(entries), encoding="utf-8")
        unfinished.rename(folder / f"{day}.json")

    def _invent_papers(self, count: int, tag: str) -> Sequence[Paper]:
        return invent_papers(count, self._dice, f"{tag} ")

    def _invent(self, number: int) -> Resident:
        dice, chat_id = self._dice, FIRST_CHAT + 10 * number
        blocks_at = FIRST + timedelta(hours=dice.randrange(_BLOCKED_BY))
        return Resident(
            chat_id=-chat_id if dice.random() < _GROUPS else chat_id,
            zone=dice.choice(_ZONES),
            hour=dice.randrange(24),
            weekdays=_WORKDAYS if dice.random() < _BUSY else EVERY_DAY,
            layout=Layout.CARDS if dice.random() < _CARDS else Layout.LIST,
            picks=dice.randint(1, 3),
            blocks_at=blocks_at if dice.random() < _BLOCKING else None,
        )


def _with_choices(fresh: readers.Reader, resident: Resident) -> readers.Reader:
    _, first_due = resident.due(FIRST, FIRST + _LONGEST_WAIT)[0]
    return replace(
        fresh,
        hour=resident.hour,
        timezone=resident.zone,
        days=resident.weekdays,
        layout=resident.layout,
        picks=resident.picks,
        next_due_at=first_due,
    )


def _entry(paper: Paper) -> dict[str, object]:
    return {"title": paper.title, "abstract": paper.abstract, "upvotes": paper.upvotes}

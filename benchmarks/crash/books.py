"""What the bot's database says, read from its file without any of the bot's own code."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

Ballot: TypeAlias = tuple[int, int, int]  # chat, person, paper
_MOMENT = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy writes it


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger."""

    id: int
    chat_id: int
    local_day: date | None
    state: str
    message_id: int | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Books:
    """Everything at one moment.

    Attributes:
        picks: The paper at each place of each digest.
        votes: Whether each ballot is for it.
        fault: What SQLite finds wrong with the file; None for nothing.
    """

    entries: tuple[Entry, ...]
    picks: dict[tuple[int, int], int]
    votes: dict[Ballot, bool]
    fault: str | None


def read_books(file: Path) -> Books:
    """Read all; the bot must not run."""
    with _copied(file) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        return Books(
            entries=tuple(map(_entry, connection.execute(_ENTRIES))),
            picks={(digest, place): paper for digest, place, paper in connection.execute(_PICKS)},
            votes={(chat, person, paper): bool(up) for chat, person, paper, up in connection.execute(_VOTES)},
            fault=None if verdict == "ok" else verdict,
        )


def read_in_flight(file: Path) -> list[tuple[int, int]]:
    """Read which digests were being sent, each with its chat; the bot must not run."""
    with _copied(file) as connection:
        return connection.execute("SELECT id, chat_id FROM digests WHERE state = 'sending'").fetchall()


def is_settled(file: Path, now: datetime) -> bool:
    """Tell whether nothing that is due is left to plan or to send; the bot must run."""
    with closing(sqlite3.connect(file)) as connection:
        (left,) = connection.execute(_UNSETTLED, {"now": now.strftime(_MOMENT)}).fetchone()
        return not left


def is_handled(file: Path) -> bool:
    """Tell whether no update is left to handle but what was set aside; the bot must run."""
    with closing(sqlite3.connect(file)) as connection:
        (left,) = connection.execute("SELECT EXISTS (SELECT 1 FROM inbox WHERE NOT aside)").fetchone()
        return not left


@contextmanager
def _copied(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy: whoever closes a database last tidies it up, which is to be left to the bot."""
    with tempfile.TemporaryDirectory() as folder:
        for part in file.parent.glob(f"{file.name}*"):
            if part.suffix in {file.suffix, f"{file.suffix}-wal"}:
                shutil.copy(part, folder)
        with closing(sqlite3.connect(Path(folder) / file.name)) as connection:
            yield connection


def _entry(row: tuple[int, int, str | None, str, int | None, str | None]) -> Entry:
    digest_id, chat_id, day, state, message_id, why = row
    return Entry(digest_id, chat_id, date.fromisoformat(day) if day else None, state, message_id, why)


_ENTRIES = "SELECT id, chat_id, local_day, state, message_id, why FROM digests ORDER BY id"
_PICKS = "SELECT digest_id, position, paper_id FROM picks"
_VOTES = "SELECT chat_id, person_id, paper_id, up FROM votes"
_UNSETTLED = """
SELECT EXISTS (SELECT 1 FROM readers WHERE state = 'active' AND next_due_at <= :now)
    OR EXISTS (SELECT 1 FROM digests WHERE state IN ('planned', 'sending'))
"""

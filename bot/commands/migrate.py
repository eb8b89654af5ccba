"""`paperboy migrate-to`: what the user sees of a database that moves from SQLite to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.settings import Settings
from storage.backups import file_of
from storage.moving import Moved, Tell, move
from storage.solitude import alone_with


async def move_to(settings: Settings, url: str) -> None:
    """Move the database of the settings to an empty PostgreSQL, and print what came there and what is next.

    Raises:
        InUseError: The bot runs.
        StorageError: It cannot be moved; nothing was.
    """
    console = Console()
    with alone_with(settings.database), _shown(console) as tell:
        moved = await move(settings.database, url, tell)
    for line in (*_tell_counts(moved), *_tell_next(settings)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _tell_counts(moved: Sequence[Moved]) -> list[str]:
    widest = max(len(each.table) for each in moved)
    rows = [f"  {each.table:{widest}} {each.rows:>12,}" for each in moved]
    return ["All is there, table by table; counts and sums are the same on both sides:", *rows]


def _tell_next(settings: Settings) -> list[str]:
    file = file_of(settings.database)
    return [
        "Now set DATABASE_URL to that address, see what `paperboy doctor` says, and start the bot.",
        f"{file} is as it was. Start no bot on it again: it would send once more what is sent from now on.",
    ]


@contextmanager
def _shown(console: Console) -> Iterator[Tell]:
    """Show how far the moving is, on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=None)
        yield lambda table, done, all_: bars.update(task, description=table, completed=done, total=all_)

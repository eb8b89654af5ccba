"""`paperboy backup`, `restore` and `pass-over`: what the user sees of them, and what is left out then.

A backup does not know what was sent after it. So that nobody gets a day's digest twice, or at once all that
was planned then, whatever was due up to now counts as had; what comes after now is picked and sent as ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeElapsedColumn

from bot.settings import Settings
from bot.timetable.rhythm import days_due, move_on
from storage import ledger, readers
from storage.backups import Contents, Tell, back_up, check, file_of
from storage.database import Database
from storage.restoring import RESTORED, let_go_of_unsettled, restored
from storage.solitude import alone_with

_BATCH = 500


def make_backup(settings: Settings, target: Path, *, overwrite: bool) -> None:
    """Copy the database into a file, while the bot runs, and print what is in it.

    Raises:
        StorageError: The database cannot be read or the file not be written, or it is there already.
    """
    console = Console()
    with _shown(console) as tell:
        contents = back_up(settings.database, target, tell, overwrite=overwrite)
    _say(console, f"{target} is whole. It holds {_count(contents)}.")


async def restore(settings: Settings, backup: Path, now: datetime) -> None:
    """Put a backup in the place of the database, keep that one aside, and print what is in it.

    Raises:
        InUseError: The bot runs.
        StorageError: The backup cannot be used, or a file not be written. The database is as it was.
    """
    console = Console()
    aside = _name_aside(file_of(settings.database).resolve(), now)
    with alone_with(settings.database), _shown(console) as tell:
        async with restored(settings.database, backup, aside, tell) as database:
            unsettled = await _let_go(database, now)
    contents = check(file_of(settings.database), str(backup))
    _say(console, f"Restored from {backup}. It holds {_count(contents)}.")
    if aside.exists():
        _say(console, f"What was there before is kept as {aside}.")
    _tell_passed_over(console, unsettled)


async def pass_over(settings: Settings, now: datetime) -> None:
    """Count as had what was due up to now, in a database that PostgreSQL's own tools restored, and say so.

    Raises:
        InUseError: The bot runs.
        StorageError: The database cannot be used.
    """
    database = Database(settings.database)
    with alone_with(settings.database):
        try:
            await database.open()
            unsettled = await _let_go(database, now)
        finally:
            await database.close()
    _tell_passed_over(Console(), unsettled)


def _tell_passed_over(console: Console, unsettled: int) -> None:
    if unsettled:
        _say(
            console,
            f"Messages that it had yet to send: {unsettled:,}. They may have been sent since: skipped.",
        )
    _say(console, "Digests come again from the next hour on that readers chose. Now start the bot.")


def _name_aside(file: Path, now: datetime) -> Path:
    return file.with_name(f"{file.name}.before-restore-{now:%Y%m%d-%H%M%S}")


async def _let_go(database: Database, now: datetime) -> int:
    """Count as had whatever was due up to now; tell how many messages were waiting."""
    async with database.writing() as session:
        unsettled = await let_go_of_unsettled(session, now)
        await readers.awaken(session, now)  # who waits for the list may have had today's
    while await _pass_over_due(database, now):
        pass
    return unsettled


async def _pass_over_due(database: Database, now: datetime) -> int:
    async with database.writing() as session:
        due = await readers.due(session, now, _BATCH)
        for reader in due:
            days = days_due(reader, now, timedelta())
            had = [*days.late, *([days.open] if days.open else [])]
            await ledger.skip_days(session, reader.chat_id, had, RESTORED, now)
            await readers.save(session, move_on(reader, now))
    return len(due)


@contextmanager
def _shown(console: Console) -> Iterator[Tell]:
    """Show how far the copying is, on a terminal."""
    columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=None)
        yield lambda done, all_: bars.update(task, completed=done, total=all_)


def _count(contents: Contents) -> str:
    return f"readers: {contents.readers:,}, votes: {contents.votes:,}, papers: {contents.papers:,}"


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)

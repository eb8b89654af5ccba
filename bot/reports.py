"""`paperboy poll`: one poll with a progress bar on a terminal, and a report at the end."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.app import utc_now
from bot.polling import SourceReport, poll
from bot.settings import Settings
from sources.catalogue import open_sources
from sources.source import Source
from sources.web.client import open_web
from storage.database import Database

SHOWN_REJECTS = 20


async def poll_once(settings: Settings, names: Sequence[str]) -> bool:
    """Poll these sources and print what came; tell whether any source could be read."""
    console = Console()
    database = Database(settings.database)
    await database.open()
    try:
        async with open_web() as web:
            sources = open_sources(names, web, utc_now, settings.endpoints)
            reports = await _poll_with_progress(sources, settings, database, console)
    finally:
        await database.close()
    _print_reports(reports, console)
    return any(report.reached for report in reports) or not reports


async def _poll_with_progress(
    sources: Sequence[Source], settings: Settings, database: Database, console: Console
) -> list[SourceReport]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {source.name: bar.add_task(source.name, total=None) for source in sources}
        return await poll(
            sources,
            database,
            utc_now,
            settings.backfill,
            lambda name, done, total: bar.update(tasks[name], completed=done, total=total),
        )


def _print_reports(reports: Sequence[SourceReport], console: Console) -> None:
    table = Table()
    table.add_column("Source", overflow="fold")
    for heading in ("New dumps", "Known", "New papers", "Told again", "Rejects"):
        table.add_column(heading, justify="right")
    for report in reports:
        read = [dump for dump in report.dumps if dump.error is None]
        rejects = sum(len(dump.rejects) for dump in read)
        counts = (len(read), report.unchanged, report.added, report.updated, rejects)
        table.add_row(Text(report.source), *map(str, counts))
    console.print(table)
    for line in _list_troubles(reports):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _list_troubles(reports: Sequence[SourceReport]) -> list[str]:
    dumps = [dump for report in reports for dump in report.dumps]
    rejects = [
        f"{dump.name}:{reject.line or 1}: {reject.reason}" for dump in dumps for reject in dump.rejects
    ]
    more = [f"… and {len(rejects) - SHOWN_REJECTS} rejects more"] if len(rejects) > SHOWN_REJECTS else []
    faults = [error for error in (*(r.error for r in reports), *(d.error for d in dumps)) if error]
    return [*faults, *rejects[:SHOWN_REJECTS], *more]

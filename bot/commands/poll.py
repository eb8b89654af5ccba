"""`paperboy poll`: one poll whose progress is shown, and a report at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.clock import utc_now
from bot.commands.progress import shown_progress
from bot.polling.polled import SourceReport
from bot.polling.poller import poll
from bot.settings import Settings
from sources.catalogue import hosts_of, open_sources
from sources.source import Source
from sources.web.client import open_web
from storage.database import Database

SHOWN = 20  # lines of one kind
_STOPPED = "Stopped. What was read is kept, and the same command goes on from there."


async def poll_once(settings: Settings, names: Sequence[str], backfill: timedelta | None) -> bool:
    """Poll these sources, so far back, and print what came; tell whether any source could be read."""
    console = Console()
    database = Database(settings.database)
    await database.open()
    try:
        async with open_web(hosts_of(names, settings.endpoints)) as web:
            sources = open_sources(names, web, utc_now, settings.endpoints)
            reports = await _poll(sources, database, settings.backfill if backfill is None else backfill)
    except asyncio.CancelledError:
        console.print(_STOPPED)
        raise
    finally:
        await database.close()
    _print_reports(reports, console)
    return any(report.reached for report in reports) or not reports


async def _poll(sources: Sequence[Source], database: Database, backfill: timedelta) -> list[SourceReport]:
    names = [source.name for source in sources]
    with shown_progress(names, Console(stderr=True)) as progress:
        return await poll(sources, database, utc_now, backfill, progress, by_hand=True)


def _print_reports(reports: Sequence[SourceReport], console: Console) -> None:
    table = Table()
    table.add_column("Source", overflow="fold")
    for heading in ("New dumps", "Known", "New papers", "Told again", "Rejects"):
        table.add_column(heading, justify="right")
    for report in reports:
        rejects = sum(len(dump.rejects) for dump in report.read)
        counts = (len(report.read), report.unchanged, report.added, report.updated, rejects)
        table.add_row(Text(report.source), *map(str, counts))
    console.print(table)
    for report in reports:
        for line in _remarks(report):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _remarks(report: SourceReport) -> Iterator[str]:
    """Say what the table does not tell: failures, days with nothing, rejects."""
    if report.error:
        yield report.error
    shown = SHOWN if report.reached else 1  # of a source that is down, one failure is like the other
    yield from _first([dump.error or "" for dump in report.failed], "failures", shown)
    if report.unasked:
        yield f"{report.source}: {report.unasked} more were not asked for; the next poll begins with them."
    if empty := [f"{dump.day:%Y-%m-%d}" for dump in report.dumps if dump.is_empty_day]:
        yield f"{report.source}: nothing so far on {', '.join(_first(empty, 'days'))}."
    yield from _first(
        [f"{dump.name}:{each.line or 1}: {each.reason}" for dump in report.dumps for each in dump.rejects],
        "rejects",
    )


def _first(lines: Sequence[str], what: str, shown: int = SHOWN) -> list[str]:
    more = [f"… and {len(lines) - shown} {what} more"] if len(lines) > shown else []
    return [*lines[:shown], *more]

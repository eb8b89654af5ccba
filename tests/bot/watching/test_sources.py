"""How the sources do in numbers, read as Prometheus reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import inf

from prometheus_client.parser import text_string_to_metric_families

from bot.polling.health import Watch
from bot.watching.exposition import write
from bot.watching.sources import gauge_sources
from storage import dumps, polls
from storage.database import Database
from storage.dumps import DumpMark, ReadDump
from storage.polls import Poll

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def scrape(database: Database, name: str) -> dict[str, float]:
    """Tell of one source, and read that with the library's own parser: each value once, by its name."""
    async with database.reading() as session:
        told = gauge_sources(await Watch([name], HOUR, 14 * DAY).look(session, NOW))
    families = text_string_to_metric_families(write([], told).decode())
    samples = [sample for family in families for sample in family.samples if "source" in sample.labels]
    assert {sample.labels["source"] for sample in samples} == {name}
    values = {
        sample.name.removeprefix("paperboy_source_") + sample.labels.get("verdict", ""): sample.value
        for sample in samples
    }
    assert len(values) == len(samples)
    return values


async def test_a_source_is_told_in_numbers(database: Database) -> None:
    async with database.writing() as session:
        await polls.put(session, Poll("lists", NOW, NOW - HOUR / 2, NOW - 3 * HOUR))
        mark, days = DumpMark(None, "print", NOW), (date(2026, 11, 6), date(2026, 11, 19))
        await dumps.mark_all(session, "lists", [ReadDump(str(day), mark, 1, 0, day) for day in days])
    seen = await scrape(database, "lists")
    assert seen["last_success_timestamp_seconds"] == NOW.timestamp() - 1800
    assert seen["last_new_paper_timestamp_seconds"] == NOW.timestamp() - 10800
    assert seen["lag_seconds"] == 1800
    assert seen["failures"] == 0
    assert seen["days_missing"] == 12


async def test_a_failure_is_told_in_numbers(database: Database) -> None:
    async with database.writing() as session:
        await polls.put(session, Poll("ill", NOW, why="refused", failures=3, retry_at=NOW + HOUR))
    seen = await scrape(database, "ill")
    assert seen["failures"] == 3
    verdicts = {name: value for name, value in seen.items() if name.startswith("verdict")}
    assert verdicts["verdictresting"] == sum(verdicts.values()) == 1


async def test_what_never_happened_has_no_moment_and_an_endless_lag(database: Database) -> None:
    """An alert on the lag finds a source that never answered at all."""
    seen = await scrape(database, "new")
    assert seen["lag_seconds"] == inf
    assert not [name for name in seen if "timestamp" in name]

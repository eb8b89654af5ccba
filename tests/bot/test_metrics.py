"""The metrics, read over HTTP as Prometheus reads them."""

from __future__ import annotations

import signal
import socket
from datetime import UTC, date, datetime, timedelta
from math import inf

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import measure
from bot.metrics_server import MetricsError, metrics_served
from bot.source_health import Watch
from recommender.values import Paper
from storage import dumps, papers, polls
from storage.database import Database, StorageError
from storage.dumps import DumpMark, ReadDump
from storage.polls import Poll

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Key = tuple[str, frozenset[tuple[str, str]]]


def read(text: str) -> dict[Key, float]:
    """Read the text format with the library's own parser: each value once."""
    values: dict[Key, float] = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        for sample in family.samples:
            found = (sample.name, frozenset(sample.labels.items()))
            assert found not in values
            values[found] = sample.value
    return values


def key(name: str, **labels: str) -> Key:
    return (f"paperboy_{name}", frozenset(labels.items()))


async def scrape(database: Database, *names: str) -> dict[Key, float]:
    """Ask the server for the metrics of these sources."""
    watch = Watch(names, HOUR, 14 * DAY)

    async def measured() -> bytes:
        async with database.reading() as session:
            return await measure(session, watch, NOW)

    async with metrics_served(0, measured) as url, httpx.AsyncClient() as http:
        answer = await http.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return read(answer.text)


async def test_a_source_is_told_in_numbers(database: Database) -> None:
    async with database.writing() as session:
        await papers.upsert(session, [Paper(title="One"), Paper(title="Two")], NOW)
        await polls.put(session, Poll("lists", NOW, NOW - HOUR / 2, NOW - 3 * HOUR))
        mark, days = DumpMark(None, "print", NOW), (date(2026, 11, 6), date(2026, 11, 19))
        await dumps.mark_all(session, "lists", [ReadDump(str(day), mark, 1, 0, day) for day in days])
    seen = await scrape(database, "lists")
    assert seen[key("papers")] == 2
    assert seen[key("source_last_success_timestamp_seconds", source="lists")] == NOW.timestamp() - 1800
    assert seen[key("source_last_new_paper_timestamp_seconds", source="lists")] == NOW.timestamp() - 10800
    assert seen[key("source_lag_seconds", source="lists")] == 1800
    assert seen[key("source_failures", source="lists")] == 0
    assert seen[key("source_days_missing", source="lists")] == 12


async def test_a_failure_is_told_in_numbers(database: Database) -> None:
    async with database.writing() as session:
        await polls.put(session, Poll("ill", NOW, why="refused", failures=3, retry_at=NOW + HOUR))
    seen = await scrape(database, "ill")
    assert seen[key("source_failures", source="ill")] == 3
    verdicts = {dict(labels)["verdict"]: value for (name, labels), value in seen.items() if "verdict" in name}
    assert verdicts["resting"] == sum(verdicts.values()) == 1


async def test_what_never_happened_has_no_moment_and_an_endless_lag(database: Database) -> None:
    """An alert on the lag finds a source that never answered at all."""
    seen = await scrape(database, "new")
    assert seen[key("source_lag_seconds", source="new")] == inf
    assert not [name for name, _ in seen if "timestamp" in name]


async def test_without_sources_there_are_still_papers_to_count(database: Database) -> None:
    assert await scrape(database) == {key("papers"): 0}


async def test_a_port_that_is_taken_is_an_error_in_words() -> None:
    async def nothing() -> bytes:
        return b""

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MetricsError, match=f"port {port} .* is not free .* METRICS_PORT"):
            async with metrics_served(port, nothing):
                raise AssertionError("served on a port that is taken")


async def test_a_database_that_cannot_be_read_is_told_and_the_server_lives_on() -> None:
    async def broken() -> bytes:
        raise StorageError("The database is locked by another program.")

    async with metrics_served(0, broken) as url, httpx.AsyncClient() as http:
        for _ in range(2):
            answer = await http.get(url)
            assert (answer.status_code, answer.text) == (503, "The database is locked by another program.")


async def test_another_name_of_this_machine_is_not_served() -> None:
    """A page on the web that points a name of its own here gets nothing (DNS rebinding)."""

    async def secret() -> bytes:
        return b"paperboy_papers 1\n"

    async with metrics_served(0, secret) as url, httpx.AsyncClient() as http:
        answer = await http.get(url, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "paperboy_papers" not in answer.text


async def test_the_signals_of_the_process_stay_with_the_bot() -> None:
    async def nothing() -> bytes:
        return b""

    before = signal.getsignal(signal.SIGINT)
    async with metrics_served(0, nothing) as url, httpx.AsyncClient() as http:
        await http.get(url)
        assert signal.getsignal(signal.SIGINT) is before


async def test_the_port_is_free_again_at_the_end() -> None:
    async def nothing() -> bytes:
        return b""

    async with metrics_served(0, nothing) as url, httpx.AsyncClient() as http:
        await http.get(url)
        port = httpx.URL(url).port
    assert port
    async with metrics_served(port, nothing) as again:
        assert again == url

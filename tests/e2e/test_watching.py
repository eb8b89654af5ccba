"""A process as Prometheus, a balancer and an engine for containers see it, over real HTTP."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from town import SUBJECTS, TOKEN, Town

from bot.chat.application import TelegramAccess
from bot.pacing.limits import NO_LIMITS
from bot.process.app import Paperboy, assembled
from bot.roles import Role
from bot.telling.strides import Strides
from bot.watching.checks import Work
from bot.watching.server import served
from bot.watching.watchman import Watchman, watched

PAGE = Path(__file__).parents[2] / "docs" / "running" / "watching.md"
PASSWORD, KEY = "s3cret-of-a-source", "key-of-a-source"


@asynccontextmanager
async def looked_at(paperboy: Paperboy) -> AsyncIterator[httpx.AsyncClient]:
    """Give who asks a process how it does."""
    async with watched(paperboy, "127.0.0.1", 0) as address, httpx.AsyncClient(base_url=address) as http:
        yield http


@asynccontextmanager
async def wired(town: Town, *roles: Role) -> AsyncIterator[Paperboy]:
    """A process of these roles that has met nobody yet."""
    access = TelegramAccess(TOKEN, town.telegram.url, limits=NO_LIMITS)
    async with assembled(town.settings, access, town.clock, town.dice, roles=frozenset(roles)) as paperboy:
        yield paperboy


async def scrape(http: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    """Read the metrics with the library's own parser: each value by its name and labels."""
    answer = await http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    values: dict[tuple[str, ...], float] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found = (sample.name.removeprefix("paperboy_"), *sample.labels.values())
            assert found not in values
            values[found] = sample.value
    return values


async def test_a_process_is_ready_once_it_can_do_what_it_is_for(asleep: Town) -> None:
    """The shelf is built by the first poll."""
    async with asleep.bot_awake() as paperboy, looked_at(paperboy) as http:
        early = await http.get("/readyz")
        assert (early.status_code, early.text) == (503, "database: ok\ntelegram: ok\nshelf: not built yet\n")
        await paperboy.poll_round()
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.text) == (200, "database: ok\ntelegram: ok\nshelf: ok\n")


@pytest.mark.parametrize(
    ("role", "status", "told"),
    [
        (Role.CHAT, 503, "database: ok\ntelegram: not met yet\nshelf: not built yet\n"),
        (Role.POLL, 200, "database: ok\n"),
        (Role.PLAN, 503, "database: ok\nshelf: not built yet\n"),
        (Role.DELIVER, 503, "database: ok\ntelegram: not met yet\n"),
    ],
)
async def test_a_process_needs_only_what_its_role_does(
    asleep: Town, role: Role, status: int, told: str
) -> None:
    async with wired(asleep, role) as paperboy, looked_at(paperboy) as http:
        answer = await http.get("/readyz")
    assert (answer.status_code, answer.text) == (status, told)


async def test_a_process_lives_before_it_is_ready(asleep: Town) -> None:
    """Else one that waits for Telegram would be ended and begun again for ever."""
    async with wired(asleep, *Role) as paperboy, looked_at(paperboy) as http:
        assert (await http.get("/healthz")).status_code == 200


async def test_a_work_that_stands_still_is_told(asleep: Town) -> None:
    """After three minutes; what never began does not stand still."""
    now = 0.0
    delivering = Strides(lambda: now)
    async with wired(asleep, *Role) as paperboy:
        watchman = Watchman(paperboy, {"ticking": Work(Strides()), "delivering": Work(delivering)})
        async with (
            served("127.0.0.1", 0, watchman.pages) as address,
            httpx.AsyncClient(base_url=address) as http,
        ):
            delivering.step()
            now = 180.0
            assert (await http.get("/healthz")).status_code == 200
            now = 181.0
            answer = await http.get("/healthz")
    assert answer.status_code == 503
    assert answer.text == "process: ok\nticking: ok\ndelivering: stands still for 181 s\n"


async def test_delivering_goes_on_as_long_as_it_looks_for_what_is_due(town: Town) -> None:
    assert not town.bot.deliverer.strides.still
    await town.bot.deliver_round()
    await asyncio.sleep(0.01)
    assert town.bot.deliverer.strides.still


async def test_a_database_that_is_gone_is_told_and_the_process_lives_on(asleep: Town, file: Path) -> None:
    """What the process itself noted is told all the same, and that the database failed it."""
    async with wired(asleep, Role.POLL) as paperboy, looked_at(paperboy) as http:
        await asyncio.to_thread(file.unlink)
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "database: cannot be used; the log says why\n")
        assert (await http.get("/healthz")).status_code == 200
        seen = await scrape(http)
    assert seen["database_up",] == 0
    assert seen["database_errors_total",] == 2
    assert ("papers",) not in seen


async def test_what_happened_is_told_in_numbers(town: Town) -> None:
    """A digest that arrived, one that was put off and one that nobody wants; what is liked; what waits."""
    first, second = town.chat(7), town.chat(8)
    await first.settle()
    await second.settle()
    await first.press(await first.wait_for("fresh off the press"), "👍 1")
    await town.fault(kind="flood", method="sendMessage", chat_id=7, retry_after=30)
    await town.fault(kind="blocked", method="sendMessage", chat_id=8)
    town.clock.pass_by(days=1)
    await town.bot.plan_round()
    async with looked_at(town.bot) as http:
        planned = await scrape(http)
    await town.bot.deliver_round()
    async with looked_at(town.bot) as http:
        seen = await scrape(http)
    assert planned["digests_planned",] == 2
    assert planned["readers_due",] == 0
    assert seen["database_up",] == 1
    assert seen["papers",] == 10
    assert seen["deliveries_total", "asked", "sent", ""] == 2
    assert seen["deliveries_total", "daily", "put off", "flood control"] == 1
    assert seen["deliveries_total", "daily", "failed", "blocked"] == 1
    assert seen["telegram_answers_total", "sendMessage", "429"] == 1
    assert seen["telegram_request_seconds_count", "answerCallbackQuery"] >= 1
    assert seen["update_seconds_count",] >= 3
    assert seen["readers_planned_total", "planned"] == 2
    assert seen["picks_liked_ratio", "trending"] == 1 / seen["picks_sampled", "trending"]


async def test_ten_who_scrape_cost_the_database_one(town: Town) -> None:
    async with looked_at(town.bot) as http:
        before = await scrape(http)
        town.clock.pass_by(hours=1)
        later = [await scrape(http) for _ in range(10)]
    lag = next(name for name in before if name[0] == "source_lag_seconds")
    assert {each[lag] for each in later} == {before[lag]}


async def test_no_page_tells_a_secret_or_what_anybody_wrote(asleep: Town) -> None:
    address = f"http://reader:{PASSWORD}@127.0.0.1:9/list?key={KEY}"
    asleep.settings = asleep.settings.model_copy(update={"sources": (address,)})
    async with asleep.bot_awake() as paperboy, looked_at(paperboy) as http:
        await paperboy.poll_round()
        chat = asleep.chat(700_000_007)
        await chat.settle()
        told = "".join([(await http.get(page)).text for page in ("/metrics", "/healthz", "/readyz")])
    secrets = (TOKEN.partition(":")[2], PASSWORD, KEY, "700000007", "thoughts on", *SUBJECTS.values())
    assert [each for each in secrets if each.lower() in told.lower()] == []
    assert "127.0.0.1" in told, "the source that failed is named"


async def test_the_page_names_every_metric_and_none_that_is_not(town: Town, dialect: str) -> None:
    """The jobs of planning are those of PostgreSQL alone."""
    async with looked_at(town.bot) as http:
        answer = await http.get("/metrics")
    told = set(re.findall(r"^# TYPE (\w+)", answer.text, re.MULTILINE))
    if dialect == "sqlite":
        told.add("paperboy_planning_jobs")
    named = set(re.findall(r"^\| `(\w+)`", PAGE.read_text(), re.MULTILINE))
    assert told == named

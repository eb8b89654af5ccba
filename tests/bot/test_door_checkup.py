"""What the doctor says of the ports, and of the way that Telegram comes in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from telegram import WebhookInfo

from bot.checkups.doors import examine_doors, judge_webhook
from bot.checkups.findings import Finding, Health
from bot.settings import Settings

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)
HOOK = "https://bot.example.org/updates"


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    """Say this to whoever comes, on a port of one's own."""

    async def say(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def http(status: str, body: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def metrics_finding(port: int, host: str = "127.0.0.1") -> Finding:
    (finding,) = await examine_doors(Settings(metrics_port=port, metrics_host=host))
    return finding


async def test_no_port_no_finding() -> None:
    assert await examine_doors(Settings(metrics_port=None, webhook_url=None)) == []


async def test_a_free_port_is_well() -> None:
    finding = await metrics_finding(free_port())
    assert finding.health is Health.WELL
    assert finding.says.startswith("free: ")


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - what an owner may set
async def test_a_bot_that_is_well_is_recognised(host: str) -> None:
    async with answering(http("200 OK", "ok")) as port:
        finding = await metrics_finding(port, host)
    assert (finding.health, finding.says) == (Health.WELL, "a Paperboy runs here and says that it is well")


async def test_a_bot_that_is_not_well_is_quoted() -> None:
    async with answering(http("503 Service Unavailable", "no tick for 4 minutes")) as port:
        finding = await metrics_finding(port)
    assert finding.health is Health.BROKEN
    assert finding.says.endswith("is not well: no tick for 4 minutes")


async def test_a_port_that_another_program_has_is_broken() -> None:
    async with answering(b"220 mail.example.org ESMTP\r\n") as port:
        finding = await metrics_finding(port)
    assert finding.health is Health.BROKEN
    assert "no Paperboy answers there: choose another one" in finding.says


async def listener_finding(port: int) -> Finding:
    (finding,) = await examine_doors(Settings(webhook_url=HOOK, webhook_port=port, metrics_port=None))
    return finding


async def test_the_webhook_s_port_is_looked_at() -> None:
    assert (await listener_finding(free_port())).says.startswith("free: ")
    async with answering(http("404 Not Found")) as port:
        assert (await listener_finding(port)).health is Health.WELL
    async with answering(b"220 mail.example.org ESMTP\r\n") as port:
        assert (await listener_finding(port)).health is Health.BROKEN


def told(url: str = HOOK, waiting: int = 0, failed_at: datetime | None = None) -> WebhookInfo:
    message = "Connection refused" if failed_at else None
    return WebhookInfo(
        url,
        has_custom_certificate=False,
        pending_update_count=waiting,
        last_error_date=failed_at,
        last_error_message=message,
    )


@pytest.mark.parametrize(
    ("wanted", "seen", "health", "words"),
    [
        (None, told(""), Health.WELL, "none: the bot asks Telegram for updates; 0 updates wait"),
        (HOOK, told(), Health.WELL, f"Telegram comes to {HOOK}; 0 updates wait with Telegram"),
        (HOOK, told(failed_at=NOW - timedelta(minutes=61)), Health.WELL, "Telegram comes to"),
        (
            HOOK,
            told(failed_at=NOW - timedelta(minutes=5)),
            Health.HINT,
            "at 06:55 UTC: Connection refused. Look",
        ),
        (HOOK, told(waiting=101), Health.HINT, "101 updates wait with Telegram. Is `paperboy run` running?"),
        (HOOK, told(""), Health.HINT, f"goes to nowhere as yet; `paperboy run` has it come to {HOOK}"),
        (HOOK, told("https://old.example.org/"), Health.HINT, "goes to https://old.example.org/ as yet"),
        (None, told(), Health.HINT, "`paperboy run` ends that: set WEBHOOK_URL to keep it"),
    ],
)
def test_what_telegram_tells_of_the_webhook_is_held_against_the_settings(
    wanted: str | None, seen: WebhookInfo, health: Health, words: str
) -> None:
    finding = judge_webhook(Settings(webhook_url=wanted), seen, NOW)
    assert finding.health is health
    assert words in finding.says

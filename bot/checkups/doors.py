"""The doctor's look at the doors: the ports that the bot listens on, and the way that Telegram comes in."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx
from telegram import WebhookInfo

from bot.checkups.findings import Finding, Health
from bot.serving.server import open_port
from bot.settings import Settings

ANSWER_SECONDS = 3.0
LATELY = timedelta(hours=1)
MANY = 100  # updates that wait with Telegram
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound: where to knock  # nosec B104


async def examine_doors(settings: Settings) -> list[Finding]:
    """Look at the ports that the settings name: free, held by a bot that is well, or by somebody else."""
    findings = []
    if settings.metrics_port:
        findings.append(await _examine_metrics(settings.metrics_host, settings.metrics_port))
    if settings.webhook_url:
        findings.append(await _examine_listener(settings.webhook_host, settings.webhook_port))
    return findings


async def _examine_metrics(host: str, port: int) -> Finding:
    part = f"Port {port} (METRICS_PORT)"
    if why := _hindrance(host, port):
        answer = await _ask(host, port, "/healthz")
        if answer is None:
            return Finding(Health.BROKEN, part, f"{why}, and no Paperboy answers there: choose another one")
        if answer.status_code != HTTPStatus.OK:
            says = f"a Paperboy runs here and is not well: {answer.text.strip()[:200]}"
            return Finding(Health.BROKEN, part, says)
        return Finding(Health.WELL, part, "a Paperboy runs here and says that it is well")
    return Finding(Health.WELL, part, "free: no Paperboy with metrics runs on this machine")


async def _examine_listener(host: str, port: int) -> Finding:
    part = f"Port {port} (WEBHOOK_PORT)"
    why = _hindrance(host, port)
    if not why:
        return Finding(Health.WELL, part, "free: no Paperboy listens to Telegram on this machine")
    if await _ask(host, port, "/"):
        return Finding(Health.WELL, part, "something answers there: if it is no Paperboy, choose another one")
    return Finding(Health.BROKEN, part, f"{why}, and nothing there speaks HTTP: choose another one")


def _hindrance(host: str, port: int) -> str:
    """Say why nobody can listen there now; nothing where it is free."""
    try:
        open_port(host, port).close()
    except OSError as error:
        return f"it cannot be had on {host} ({error.strerror or error})"
    return ""


async def _ask(host: str, port: int, path: str) -> httpx.Response | None:
    knock = _ANYWHERE.get(host, host)
    url = httpx.URL(scheme="http", host=knock, port=port, path=path)
    try:
        async with asyncio.timeout(ANSWER_SECONDS), httpx.AsyncClient(trust_env=False) as client:
            return await client.get(url)
    except (httpx.HTTPError, TimeoutError):
        return None


def judge_webhook(settings: Settings, told: WebhookInfo, now: datetime) -> Finding:
    """Compare what Telegram tells of the webhook with what the settings want."""
    if (told.url or "") != (settings.webhook_url or ""):
        return Finding(Health.HINT, "Webhook", _tell_difference(settings, told))
    waiting = f"{told.pending_update_count} updates wait with Telegram"
    if told.last_error_date and now - told.last_error_date < LATELY:
        says = (
            f"{waiting}; it failed to reach {told.url} at {told.last_error_date:%H:%M} UTC: "
            f"{told.last_error_message}. Look at the proxy, its certificate, and whether a chat process runs"
        )
        return Finding(Health.HINT, "Webhook", says)
    if told.pending_update_count > MANY:
        return Finding(Health.HINT, "Webhook", f"{waiting}. Is `paperboy run` running?")
    how = f"Telegram comes to {told.url}" if told.url else "none: the bot asks Telegram for updates"
    return Finding(Health.WELL, "Webhook", f"{how}; {waiting}")


def _tell_difference(settings: Settings, told: WebhookInfo) -> str:
    if not settings.webhook_url:
        return f"Telegram goes to {told.url} as yet, and `paperboy run` ends that: set WEBHOOK_URL to keep it"
    there = told.url or "nowhere"
    return f"Telegram goes to {there} as yet; `paperboy run` has it come to {settings.webhook_url}"

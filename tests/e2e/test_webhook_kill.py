"""A bot that has a webhook is killed between being told something and doing it."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from town import TOKEN, Chat, eventually, papers_on

from bot.playground.server import Playground
from bot.settings import Settings

SLOW = {"method": "sendMessage", "kind": "slow", "seconds": 60, "times": 9}


@dataclass
class Desk:
    """A folder in which bots are started that have a webhook, and a Telegram for them."""

    folder: Path
    telegram: Playground
    http: httpx.AsyncClient
    port: int

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[None]:
        """Run a bot once it is ready, and kill it at the end."""
        inherited = {k: v for k, v in os.environ.items() if k.lower() not in Settings.model_fields}
        own = {
            "SOURCES": "",
            "EMBEDDING_MODEL": "off",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
            "WEBHOOK_URL": f"http://127.0.0.1:{self.port}/hook",
            "WEBHOOK_PORT": str(self.port),
        }
        command = (sys.executable, "-m", "bot.cli", "run")
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env=inherited | own,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            assert process.stdout
            assert (await asyncio.wait_for(process.stdout.readline(), 60)).startswith(b"Paperboy answers as")
            yield
        finally:
            process.kill()
            await process.wait()

    def count(self, what: str) -> int:
        """Count rows, from outside."""
        with closing(sqlite3.connect(self.folder / "data" / "paperboy.db")) as connection:
            return connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]  # noqa: S608 - our own words

    async def is_told(self) -> bool:
        """Tell whether the bot was told all, so that Telegram has forgotten it, and has not done it yet."""
        info = (await self.http.get(f"/bot{TOKEN}/getWebhookInfo")).json()["result"]
        return info["pending_update_count"] == 0 and self.count("inbox") == 1

    async def is_idle(self) -> bool:
        """Tell whether nothing waits."""
        return self.count("inbox") == 0


@pytest.fixture
async def desk(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Desk]:
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "list.json").write_text(json.dumps(papers_on("boats")))
    telegram = Playground(TOKEN, port=0)
    await telegram.start()
    async with httpx.AsyncClient(base_url=telegram.url, timeout=20) as http:
        yield Desk(tmp_path, telegram, http, unused_tcp_port)
    await telegram.stop()


async def until(look: Callable[[], Awaitable[bool]], what: str) -> None:
    async def seen() -> bool | None:
        return await look() or None

    await eventually(seen, what)


async def test_what_was_taken_before_a_kill_is_carried_out_once_after_it(desk: Desk) -> None:
    """Telegram has forgotten it by then."""
    chat = Chat(7, desk.http)
    async with desk.bot():
        await chat.say("/start")
        await chat.wait_for("Paperboy")
        await until(desk.is_idle, "an empty inbox")
        await desk.http.post(
            "/faults", json={"method": "sendMessage", "kind": "slow", "seconds": 60, "times": 9}
        )
        await chat.say("/today")
        await until(desk.is_told, "an update in the inbox that Telegram has forgotten")
    await desk.http.delete("/faults")
    async with desk.bot():
        await chat.wait_for("fresh off the press")
        await until(desk.is_idle, "an empty inbox")
    assert len(await chat.from_bot("fresh off the press")) == 1
    assert desk.count("digests WHERE kind = 'asked'") == 1

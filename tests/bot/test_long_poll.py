"""Fetching updates: whatever Telegram, or what stands before it, answers, the bot goes on asking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, Update

from bot.receiving.long_poll import receive_updates
from bot.receiving.updates import Updates
from storage.database import Database

TOKEN = "4242424242:a-token-that-is-none"
ME = b'{"ok": true, "result": {"id": 4242424242, "is_bot": true, "first_name": "Paperboy", "username": "p"}}'
GOOD = b'{"ok": true, "result": [{"update_id": 5}]}'
NOTHING = b'{"ok": true, "result": []}'


class Telegram:
    """Tells what is new in answers that were thought out before, one after the other."""

    def __init__(self, *answers: bytes) -> None:
        self._left = [*answers]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):  # the client has gone
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.partition(b"content-length:")[2].split()[:1]
                await reader.readexactly(int(length[0]) if length else 0)
                body = ME if b"/getme" in head else self._left.pop(0) if self._left else NOTHING
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot"


class Handlers:
    """An application that has all stop when it has carried something out."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.stopping = asyncio.Event()
        self.done: list[int] = []

    async def process_update(self, update: Update) -> None:
        self.done.append(update.update_id)
        self.stopping.set()


async def excuse(_update: Update) -> None:
    """Say nothing."""


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>sign in to this network</html>",
        b"{}",
        b"[]",
        b'{"ok": true, "result": [{"update_id": 4, "message": {"message_id": 1, "text": "secret"}}]}',
    ],
)
async def test_an_answer_that_is_none_of_telegram_s_ends_no_bot(answer: bytes, tmp_path: Path) -> None:
    """As one of a proxy's, or an update in a shape that is not known yet."""
    database = Database(f"sqlite:///{tmp_path / 'paperboy.db'}")
    await database.open()
    async with Telegram(answer, GOOD).opened() as url, Bot(TOKEN, base_url=url) as bot:
        handlers: Any = Handlers(bot)
        updates = Updates(handlers, database, lambda: datetime(2026, 1, 31, tzinfo=UTC), excuse)
        handlers.stopping = updates.stopping
        async with asyncio.timeout(20):
            await receive_updates(updates)
        assert handlers.done == [5]
    await database.close()

"""Fetching updates: whatever Telegram, or what stands before it, answers, the bot goes on asking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Bot, Update

from bot.receiving.long_poll import receive_updates
from bot.receiving.updates import Updates
from storage import inbox
from storage.database import Database
from storage.inbox import KeptUpdate

TOKEN = "4242424242:a-token-that-is-none"
ME = b'{"ok": true, "result": {"id": 4242424242, "is_bot": true, "first_name": "Paperboy", "username": "p"}}'
GOOD = b'{"ok": true, "result": [{"update_id": 5}]}'
NOTHING = b'{"ok": true, "result": []}'
NOW = datetime(2026, 1, 31, tzinfo=UTC)
DONE = b'{"ok": true, "result": true}'
UNREADABLE = b'{"ok": true, "result": [{"update_id": 4, "message": {"message_id": 1, "text": "secret"}}]}'


class Telegram:
    """Tells what is new in answers that were thought out before, one after the other."""

    def __init__(self, *answers: bytes) -> None:
        self.asked: list[bytes] = []
        self._left = [*answers]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):  # the client has gone
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.partition(b"content-length:")[2].split()[:1]
                await reader.readexactly(int(length[0]) if length else 0)
                body = self._say(head.partition(b" http")[0].rpartition(b"/")[2])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    def _say(self, method: bytes) -> bytes:
        self.asked.append(method)
        if method != b"getupdates":
            return ME if method == b"getme" else DONE
        return self._left.pop(0) if self._left else NOTHING

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
        b'{"ok": true, "result": [{"message": "secret"}]}',
    ],
)
async def test_an_answer_that_is_none_of_telegram_s_ends_no_bot(answer: bytes, database: Database) -> None:
    """As one of a proxy's."""
    assert (await told(database, Telegram(answer, GOOD))).done == [5]


async def test_an_update_that_cannot_be_read_keeps_the_bot_from_no_other(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """It is set aside and confirmed, as those of a shape that is not known yet."""
    telegram = Telegram(UNREADABLE, GOOD)
    assert (await told(database, telegram)).done == [5]
    async with database.writing() as session:
        again = KeptUpdate(4, 0, "", NOW)
        assert await inbox.keep(session, [again]) == set()
        assert await inbox.waiting(session) == []
    assert "update 4 cannot be read: it is set aside" in caplog.text
    assert "secret" not in caplog.text


async def test_a_webhook_that_stands_is_deleted_before_anything_is_asked(database: Database) -> None:
    telegram = Telegram(GOOD)
    await told(database, telegram)
    assert telegram.asked[:3] == [b"getme", b"deletewebhook", b"getupdates"]


async def told(database: Database, telegram: Telegram) -> Handlers:
    """Receive what a Telegram tells until something was carried out."""
    async with telegram.opened() as url, Bot(TOKEN, base_url=url) as bot:
        handlers: Any = Handlers(bot)
        updates = Updates(handlers, database, lambda: NOW, excuse)
        handlers.stopping = updates.stopping
        async with asyncio.timeout(20):
            await receive_updates(updates)
    return handlers

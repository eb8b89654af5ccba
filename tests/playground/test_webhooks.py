"""Webhooks: updates are brought to the bot, again where it did not take them, and only to this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest

from tests.playground.conftest import BotSide, People


class Receiver:
    """A bot's side of a webhook: answers as it is told to, 200 by itself, and notes what was brought."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.brought: list[dict[str, Any]] = []
        self.answers: list[int] = []
        self.let_go = asyncio.Event()
        self.let_go.set()
        self.url = ""

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.brought]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):  # the playground has gone
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = head.lower().partition("content-length:")[2].split()[0]
                self.heads.append(head)
                self.brought.append(json.loads(await reader.readexactly(int(length))))
                await self.let_go.wait()
                status = self.answers.pop(0) if self.answers else 200
                writer.write(b"HTTP/1.1 %d Told\r\nContent-Length: 0\r\n\r\n" % status)
        writer.close()

    async def until(self, look: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not look():  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0)
    async with server:
        receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/the/hook"
        yield receiver
        receiver.let_go.set()


async def pending(bot: BotSide) -> int:
    return (await bot.call("getWebhookInfo"))["pending_update_count"]


async def settled(bot: BotSide) -> None:
    async with asyncio.timeout(20):
        while await pending(bot):  # noqa: ASYNC110 - it is asked from outside
            await asyncio.sleep(0.01)


async def test_updates_are_brought_with_the_secret(bot: BotSide, people: People, receiver: Receiver) -> None:
    """Those that waited, too; what was taken is pending no more."""
    await people.write(7, "before")
    await bot.call("setWebhook", url=receiver.url, secret_token="s3cret_-")
    await receiver.until(lambda: receiver.texts == ["before"])
    await people.write(7, "after")
    await receiver.until(lambda: receiver.texts == ["before", "after"])
    assert receiver.heads[0].startswith("POST /the/hook HTTP/1.1")
    assert "x-telegram-bot-api-secret-token: s3cret_-" in receiver.heads[0].lower()
    assert "content-type: application/json" in receiver.heads[0].lower()
    await settled(bot)


async def test_without_a_secret_none_is_shown(bot: BotSide, people: People, receiver: Receiver) -> None:
    await bot.call("setWebhook", url=receiver.url)
    await people.write(7, "x")
    await receiver.until(lambda: bool(receiver.heads))
    assert "x-telegram" not in receiver.heads[0].lower()


async def test_what_is_not_taken_is_brought_again(bot: BotSide, people: People, receiver: Receiver) -> None:
    """The trouble is told of; an update that is brought again has the same number."""
    receiver.answers = [503, 500]
    await bot.call("setWebhook", url=receiver.url)
    await people.write(7, "x")
    await receiver.until(lambda: len(receiver.brought) == 3)
    assert len({update["update_id"] for update in receiver.brought}) == 1
    await settled(bot)
    info = await bot.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Told"
    assert info["last_error_date"] > 0


async def test_they_are_brought_side_by_side_but_only_so_many(
    bot: BotSide, people: People, receiver: Receiver
) -> None:
    receiver.let_go.clear()
    await bot.call("setWebhook", url=receiver.url, max_connections=3)
    for number in range(5):
        await people.write(7, str(number))
    await receiver.until(lambda: len(receiver.brought) == 3)
    await asyncio.sleep(0.05)
    assert receiver.texts == ["0", "1", "2"]
    receiver.let_go.set()
    await receiver.until(lambda: len(receiver.brought) == 5)


async def test_nobody_is_asked_for_updates_while_a_webhook_is_set(bot: BotSide, receiver: Receiver) -> None:
    """A poll that waits ends; after deleteWebhook polls are answered as before."""
    polling = asyncio.create_task(bot.refused("getUpdates", timeout=10))
    await asyncio.sleep(0.1)
    await bot.call("setWebhook", url=receiver.url)
    assert await polling == "Conflict: terminated by setWebhook request"
    refused = await bot.ask("getUpdates")
    assert refused.status_code == 409
    assert "can't use getUpdates method while webhook is active" in refused.json()["description"]
    await bot.call("deleteWebhook")
    assert await bot.call("getUpdates") == []


async def test_a_webhook_that_was_deleted_gets_nothing_more(
    bot: BotSide, people: People, receiver: Receiver
) -> None:
    """What it had not taken is there for whoever asks; an empty address deletes it, too."""
    receiver.answers = [503] * 20
    await bot.call("setWebhook", url=receiver.url)
    await people.write(7, "x")
    await receiver.until(lambda: bool(receiver.brought))
    await bot.call("setWebhook", url="")
    brought = len(receiver.brought)
    assert [update["message"]["text"] for update in await bot.call("getUpdates")] == ["x"]
    await people.write(7, "y")
    assert len(receiver.brought) == brought


async def test_it_is_told_what_is_set(bot: BotSide, receiver: Receiver) -> None:
    assert await bot.call("getWebhookInfo") == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 0,
    }
    await bot.call("setWebhook", url=receiver.url, max_connections=7, allowed_updates=["message"])
    assert await bot.call("getWebhookInfo") == {
        "url": receiver.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 7,
        "ip_address": "127.0.0.1",
        "allowed_updates": ["message"],
    }


async def test_what_is_pending_is_dropped_where_asked(
    bot: BotSide, people: People, receiver: Receiver
) -> None:
    await people.write(7, "x")
    await bot.call("setWebhook", url=receiver.url, drop_pending_updates=True)
    await people.write(7, "y")
    await receiver.until(lambda: bool(receiver.brought))
    assert receiver.texts == ["y"]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook",
        "http://127.0.0.1.example.org/",
        "ftp://127.0.0.1/",
        "127.0.0.1",
        "http://[",
    ],
)
async def test_nothing_is_brought_to_another_machine(bot: BotSide, url: str) -> None:
    assert "bad webhook" in await bot.refused("setWebhook", url=url)
    assert (await bot.call("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize("secret", ["with space", "é", "x" * 257])
async def test_a_secret_that_no_header_may_hold_is_refused(
    bot: BotSide, receiver: Receiver, secret: str
) -> None:
    assert "secret token" in await bot.refused("setWebhook", url=receiver.url, secret_token=secret)

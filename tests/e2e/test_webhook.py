"""The real bot by webhook: what it does is the same, and only Telegram gets in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
from town import TOKEN, Json, Town, eventually

from bot.receiving.long_poll import receive_updates
from bot.receiving.updates import Updates
from bot.receiving.webhook import Hook, WebhookError, make_secret, read_hook, receive_webhook
from storage import inbox, readers, votes

ADA = 7
SHOWN_IN = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Hooked:
    """A town whose bot has a webhook, and the way to its door."""

    town: Town
    hook: Hook

    @asynccontextmanager
    async def awake(self, receive: Callable[[Updates], Awaitable[None]] | None = None) -> AsyncIterator[None]:
        """Wake the bot, by webhook where nothing else is said, and have it read its folder."""
        by_webhook = partial(receive_webhook, hook=self.hook)
        async with self.town.bot_awake(receive=receive or by_webhook) as paperboy:
            await paperboy.poll_round()
            yield

    async def post(self, body: bytes, secret: str = "") -> int:
        """Bring something to the door as Telegram does, but for the secret where one is given."""
        headers = {SHOWN_IN: secret or self.hook.secret, "Content-Type": "application/json"}
        async with httpx.AsyncClient(trust_env=False) as http:
            return (await http.post(self.hook.url, content=body, headers=headers)).status_code

    async def is_set(self) -> None:
        async def look() -> bool | None:
            return True if await self.town.requests("setWebhook") else None

        await eventually(look, "a webhook that is set")

    async def info(self) -> Json:
        return (await self.town.http.get(f"/bot{TOKEN}/getWebhookInfo")).json()["result"]

    async def has_readers(self) -> bool:
        async with self.town.bot.database.reading() as session:
            return await readers.get(session, ADA) is not None

    async def is_empty(self) -> bool | None:
        async with self.town.bot.database.reading() as session:
            return None if await inbox.waiting(session) else True


@pytest.fixture
def hooked(asleep: Town, unused_tcp_port: int) -> Hooked:
    url = f"http://127.0.0.1:{unused_tcp_port}/the/hook"
    return Hooked(asleep, Hook(url, "127.0.0.1", unused_tcp_port, make_secret(TOKEN)))


@pytest.fixture
async def open_door(hooked: Hooked) -> AsyncIterator[Hooked]:
    """A town whose bot is awake, with its webhook set."""
    async with hooked.awake():
        await hooked.is_set()
        yield hooked


def said(number: int, words: str = "/start") -> bytes:
    """Make what Telegram would bring of a message."""
    person = {"id": ADA, "is_bot": False, "first_name": "Ada"}
    chat = {"id": ADA, "type": "private", "first_name": "Ada"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(words)}]
    message = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": words}
    return json.dumps({"update_id": number, "message": message | {"entities": entities}}).encode()


async def test_a_reader_starts_asks_and_votes(open_door: Hooked) -> None:
    chat = open_door.town.chat()
    await chat.say("/start")
    await chat.wait_for("Paperboy")
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    assert await chat.press(digest, "👍 1")
    await chat.wait_for_label(digest, "✅ 👍 1")
    async with open_door.town.bot.database.reading() as session:
        assert [vote.up for vote in await votes.of_chat(session, ADA)] == [True]
    assert await open_door.town.requests("getUpdates") == []
    await eventually(open_door.is_empty, "an empty inbox")


async def test_what_is_asked_of_telegram(open_door: Hooked) -> None:
    """The address, the secret, and the kinds of updates that long polling asks for, too."""
    (request,) = await open_door.town.requests("setWebhook")
    asked = request["parameters"]
    assert asked["url"] == open_door.hook.url
    assert asked["secret_token"] == open_door.hook.secret
    assert {"callback_query", "message_reaction"} <= set(json.loads(asked["allowed_updates"]))


async def test_a_forged_update_does_nothing(open_door: Hooked) -> None:
    assert await open_door.post(said(1), secret=make_secret("4242424242:another")) == 403
    assert not await open_door.has_readers()
    assert await open_door.is_empty()


async def test_what_cannot_be_read_is_set_aside_and_not_asked_for_again(
    open_door: Hooked, caplog: pytest.LogCaptureFixture
) -> None:
    """Else Telegram would bring it again and again, and nothing else."""
    body = b'{"update_id": 3, "message": {"message_id": 1, "text": "a secret"}}'
    assert await open_door.post(body) == 200
    assert await open_door.is_empty()
    assert "update 3 cannot be read: it is set aside" in caplog.text
    assert "a secret" not in caplog.text


async def test_what_comes_twice_counts_once(open_door: Hooked) -> None:
    """Also where it comes again before it was carried out."""
    chat = open_door.town.chat()
    await chat.say("/start")
    await chat.wait_for("Paperboy")
    await eventually(open_door.is_empty, "an empty inbox")
    said_before = len(await chat.from_bot())
    assert await asyncio.gather(*(open_door.post(said(1, "/help")) for _ in range(5))) == [200] * 5
    await eventually(open_door.is_empty, "an empty inbox")
    assert await open_door.post(said(1, "/help")) == 200
    await eventually(open_door.is_empty, "an empty inbox")
    assert len(await chat.from_bot()) == said_before + 1


async def test_what_cannot_be_kept_is_refused_and_comes_again(open_door: Hooked, file: Path) -> None:
    """Telegram keeps it until the database can be used again."""
    chat = open_door.town.chat()
    aside = file.with_name("elsewhere.db")
    await asyncio.to_thread(file.rename, aside)
    assert await open_door.post(said(1)) == 503
    await chat.say("/start")

    async def has_failed() -> bool | None:
        return "503" in (await open_door.info()).get("last_error_message", "") or None

    await eventually(has_failed, "an update that was refused")
    await asyncio.to_thread(aside.rename, file)
    await chat.wait_for("Paperboy")
    await eventually(open_door.is_empty, "an empty inbox")
    assert (await open_door.info())["pending_update_count"] == 0


async def test_it_tries_again_until_the_webhook_is_set(hooked: Hooked) -> None:
    await hooked.town.fault(method="setWebhook", kind="server_error", times=2)
    async with hooked.awake():
        await hooked.town.chat().say("/start")
        await hooked.town.chat().wait_for("Paperboy")


async def test_the_webhook_stays_at_the_end(hooked: Hooked) -> None:
    """Other processes may be there; and what is said meanwhile is brought to whoever is next."""
    async with hooked.awake():
        await hooked.is_set()
    assert (await hooked.info())["url"] == hooked.hook.url
    await hooked.town.chat().say("/start")
    async with hooked.awake():
        await hooked.town.chat().wait_for("Paperboy")


async def test_who_polls_again_deletes_the_webhook_first(hooked: Hooked) -> None:
    async with hooked.awake():
        await hooked.is_set()
    async with hooked.awake(receive_updates):
        await hooked.town.chat().say("/start")
        await hooked.town.chat().wait_for("Paperboy")
    assert (await hooked.info())["url"] == ""


async def test_a_port_that_is_taken_is_named(open_door: Hooked) -> None:
    with pytest.raises(WebhookError, match="choose another one with WEBHOOK_PORT"):
        await receive_webhook(open_door.town.bot.updates, open_door.hook)


def test_every_process_makes_the_same_secret_and_another_of_another_token(asleep: Town) -> None:
    settings = asleep.settings.model_copy(update={"webhook_url": "https://papers.example.org/hook"})
    first, second = read_hook(settings, TOKEN), read_hook(settings, TOKEN)
    assert first
    assert first == second
    assert first.secret != make_secret("4242424242:another")
    assert first.secret not in repr(first)
    assert TOKEN not in repr(first)
    assert read_hook(asleep.settings, TOKEN) is None

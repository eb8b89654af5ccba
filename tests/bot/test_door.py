"""The door of the webhook over real HTTP: who gets in, and what is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
import uvicorn
from telegram import Bot

from bot.receiving.door import LARGEST_BODY, Door
from bot.receiving.told import Told
from bot.receiving.webhook import make_secret
from bot.serving.server import open_port, served
from bot.serving.slow_clients import CuttingProtocol

TOKEN = "4242424242:a-token-that-is-none"
SECRET = make_secret(TOKEN)
UPDATE = b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}}'


class House:
    """What is behind a door: room for updates, or none."""

    def __init__(self) -> None:
        self.has_room = True
        self.taken: list[Told] = []
        self.port = 0

    async def take(self, told: Told) -> bool:
        if self.has_room:
            self.taken.append(told)
        return self.has_room

    async def bring(
        self, body: bytes = UPDATE, *, method: str = "POST", path: str = "/the/hook", **headers: str
    ) -> int:
        """Bring something as Telegram does, but for what is said otherwise."""
        usual = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        shown = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"http://127.0.0.1:{self.port}{path}"
        async with httpx.AsyncClient(trust_env=False) as http:
            return (await http.request(method, url, content=body, headers=shown)).status_code


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    door = Door("https://papers.example.org/the/hook", SECRET, Bot(TOKEN), house.take)
    config = uvicorn.Config(
        door, http=CuttingProtocol, ws="none", lifespan="off", log_config=None, access_log=False
    )
    with open_port("127.0.0.1", 0) as listener:
        house.port = listener.getsockname()[1]
        async with served(listener, config):
            yield house


async def test_an_update_is_taken_as_it_came(house: House) -> None:
    assert await house.bring() == 200
    (told,) = house.taken
    assert (told.update_id, told.chat_id, json.loads(told.body)) == (1, 7, json.loads(UPDATE))


async def test_for_what_there_is_no_room_it_says_so(house: House) -> None:
    house.has_room = False
    assert await house.bring() == 503


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], make_secret("4242424242:another")])
async def test_who_does_not_show_the_secret_does_not_get_in(house: House, secret: str) -> None:
    shown = {"X_Telegram_Bot_Api_Secret_Token": secret}
    assert await house.bring(**shown) == 403
    assert await house.bring(b"{", **shown) == 403
    assert not house.taken


async def test_of_strangers_the_log_tells_the_number_and_no_word(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(12):
        assert await house.bring(b"secret", X_Telegram_Bot_Api_Secret_Token="wrong") == 403
    told = [record.getMessage() for record in caplog.records if record.name == "bot.receiving.door"]
    assert [line.rpartition(": ")[2] for line in told] == ["1 so far", "10 so far"]
    assert "wrong" not in caplog.text
    assert not house.taken


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b""),
        (400, b"{"),
        (400, b"[]"),
        (400, b"{}"),
        (400, b"\xff"),
        (400, b'{"update_id": true}'),
        (400, b'{"update_id": -1}'),
        (400, b'{"update_id": 9223372036854775808}'),
        (400, b"[" * 100_000),
        (413, b" " * (LARGEST_BODY + 1)),
    ],
)
async def test_what_is_no_update_is_refused(house: House, status: int, body: bytes) -> None:
    assert await house.bring(body) == status
    assert not house.taken
    assert await house.bring() == 200, "and it goes on"


@pytest.mark.parametrize(
    "content",
    [
        {"message": {"message_id": 1}},
        {"message": 5},
        {"message": {"message_id": 1, "date": 10**30, "chat": {"id": 7, "type": "private"}}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 10**30, "type": "private"}}},
    ],
)
async def test_what_has_a_number_and_cannot_be_read_is_taken_to_be_set_aside(
    house: House, content: dict[str, object]
) -> None:
    """Else Telegram would bring it again and again."""
    assert await house.bring(json.dumps({"update_id": 1, **content}).encode()) == 200
    (told,) = house.taken
    assert told.update is None


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
async def test_only_json_is_read(house: House, kind: str) -> None:
    assert await house.bring(Content_Type=kind) == 415
    assert await house.bring(Content_Type="Application/JSON; charset=utf-8") == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/the/hook"), ("POST", "/"), ("PUT", "/the/hook")]
)
async def test_there_is_nothing_else_behind_the_port(house: House, method: str, path: str) -> None:
    assert await house.bring(method=method, path=path) == 404
    assert not house.taken


async def test_an_endless_body_is_not_read_to_its_end(house: House) -> None:
    """Whatever it says of its own length."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    head = f"POST /the/hook HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    answering = asyncio.create_task(reader.readline())
    with suppress(ConnectionError):  # it is closed under our hands
        async with asyncio.timeout(15):  # not so long as any request may take
            while True:
                writer.write(b"186a0\r\n" + b" " * 100_000 + b"\r\n")
                await writer.drain()
    writer.close()
    assert await answering == b"HTTP/1.1 413 Request Entity Too Large\r\n"
    assert await house.bring() == 200

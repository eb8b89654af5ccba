"""A playground on a free port, the bot's side of it, and the people's."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from chromium import CHROMIUM, FLAGS
from playwright.async_api import Page, async_playwright

from bot.playground import Playground

TOKEN = "4711:test"


class BotSide:
    """Calls methods over HTTP, as a bot does."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def ask(self, method: str, **parameters: Any) -> httpx.Response:
        """Call a method with a JSON body and return the whole answer."""
        return await self._client.post(f"/bot{TOKEN}/{method}", json=parameters)

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method that must work and return its result."""
        answer = (await self.ask(method, **parameters)).json()
        assert answer["ok"], answer
        return answer["result"]

    async def refused(self, method: str, **parameters: Any) -> str:
        """Call a method that must be refused and return the description."""
        response = await self.ask(method, **parameters)
        answer = response.json()
        assert not answer["ok"], answer
        assert answer["error_code"] == response.status_code
        return str(answer["description"])

    async def upload(
        self, method: str, field: str, name: str, body: bytes, **parameters: Any
    ) -> httpx.Response:
        """Call a method with a file in a multipart body."""
        return await self._client.post(f"/bot{TOKEN}/{method}", data=parameters, files={field: (name, body)})

    async def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        """Fetch updates and confirm them."""
        updates = await self.call("getUpdates", **parameters)
        if updates:
            await self.call("getUpdates", offset=updates[-1]["update_id"] + 1)
        return list(updates)


class People:
    """Act in chats over the user side."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def act(self, chat_id: int, deed: str, **fields: Any) -> Any:
        """Do something in a chat that must work."""
        response = await self.client.post(f"/user/chats/{chat_id}/{deed}", json=fields)
        assert response.status_code == httpx.codes.OK, response.text
        return response.json()

    async def write(self, chat_id: int, text: str, **fields: Any) -> dict[str, Any]:
        """Write a message."""
        return dict(await self.act(chat_id, "messages", text=text, **fields))

    async def see(self, chat_id: int) -> list[dict[str, Any]]:
        """Look at a chat."""
        return list((await self.client.get(f"/user/chats/{chat_id}/messages")).json())

    async def refused(self, chat_id: int, deed: str, **fields: Any) -> int:
        """Do something in a chat that must not work and return the status of the answer, which has words."""
        response = await self.client.post(f"/user/chats/{chat_id}/{deed}", json=fields)
        assert response.json()["error"]
        return response.status_code

    async def delete(self, chat_id: int, message_id: int, **fields: Any) -> int:
        """Delete a message, if that is allowed, and return the status of the answer."""
        path = f"/user/chats/{chat_id}/messages/{message_id}"
        return (await self.client.request("DELETE", path, json=fields)).status_code

    async def order_fault(self, **fields: Any) -> None:
        """Order the Bot API to fail."""
        assert (await self.client.post("/faults", json=fields)).status_code == httpx.codes.OK

    async def press_and_wait(self, chat_id: int, message_id: int, data: str) -> asyncio.Task[httpx.Response]:
        """Press a button and wait for the answer in the background, until the update is on its way."""
        path = f"/user/chats/{chat_id}/presses?wait=5"
        waiting = asyncio.create_task(self.client.post(path, json={"message_id": message_id, "data": data}))
        await asyncio.sleep(0)
        return waiting


@dataclass(frozen=True)
class Pressable:
    """A message of the bot with one button."""

    message_id: int
    data: str


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """Return a started playground."""
    playground = Playground(TOKEN, port=0)
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
async def client(playground: Playground) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that stands at the playground's address."""
    async with httpx.AsyncClient(base_url=playground.url, timeout=20) as client:
        yield client


@pytest.fixture
def bot(client: httpx.AsyncClient) -> BotSide:
    """Return the bot's side."""
    return BotSide(client)


@pytest.fixture
def people(client: httpx.AsyncClient) -> People:
    """Return the people's side."""
    return People(client)


@pytest.fixture
async def chat(people: People, bot: BotSide) -> int:
    """Return a private chat that has begun; its first update is confirmed."""
    await people.write(7, "/start", first_name="Ada")
    await bot.updates()
    return 7


@pytest.fixture
async def pressable(bot: BotSide, chat: int) -> Pressable:
    """Return a message with a button in the chat."""
    markup = {"inline_keyboard": [[{"text": "👍", "callback_data": "up:1"}]]}
    sent = await bot.call("sendMessage", chat_id=chat, text="A paper", reply_markup=markup)
    return Pressable(sent["message_id"], "up:1")


@pytest.fixture
async def page(playground: Playground) -> AsyncIterator[Page]:
    """Return the page of chat 7 on a phone; an error in its code fails the test."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": 375, "height": 700}, color_scheme="light")
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        await page.goto(f"{playground.url}/?chat=7")
        yield page
        await browser.close()
    assert errors == []

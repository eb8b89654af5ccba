"""Server-sent events: what a page hears of a chat."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.playground.encoded import as_json
from bot.playground.events import Events
from tests.playground.conftest import BotSide, People, Pressable


@asynccontextmanager
async def watching(client: httpx.AsyncClient, chat_id: int) -> AsyncIterator[Any]:
    """Open the stream of a chat and yield its lines."""
    async with client.stream("GET", f"/user/chats/{chat_id}/stream") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.aiter_lines()
        assert await anext(lines) == "retry: 1000"
        yield lines


async def heard(lines: AsyncIterator[str], count: int) -> list[tuple[str, Any]]:
    """Read so many events and return each as kind and content."""
    events: list[tuple[str, Any]] = []
    kind = ""
    async for line in lines:
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            events.append((kind, json.loads(line.removeprefix("data: "))))
            if len(events) == count:
                break
    return events


async def test_a_page_hears_what_happens(
    bot: BotSide, client: httpx.AsyncClient, people: People, chat: int, pressable: Pressable
) -> None:
    """New messages, edits, actions, answers and deletions come as they happen, of this chat only."""
    here = {"chat_id": chat, "message_id": pressable.message_id}
    async with watching(client, chat) as lines:
        await people.write(8, "elsewhere")
        written = await people.write(chat, "hi")
        await bot.call("sendChatAction", chat_id=chat, action="typing")
        edited = await bot.call("editMessageText", **here, text="new", reply_markup=None)
        pressed = await people.client.post(f"/user/chats/{chat}/presses", json={"message_id": 1, "data": "x"})
        assert pressed.status_code == 400
        await bot.call("deleteMessage", **here)
        events = await heard(lines, 4)
    assert events == [
        ("message", written),
        ("typing", {"action": "typing"}),
        ("edit", edited),
        ("delete", {"message_ids": [pressable.message_id]}),
    ]


async def test_a_page_hears_answers(
    bot: BotSide, client: httpx.AsyncClient, people: People, chat: int, pressable: Pressable
) -> None:
    """The answer to a press comes with its query id."""
    async with watching(client, chat) as lines:
        pressed = await people.act(chat, "presses", message_id=pressable.message_id, data=pressable.data)
        await bot.call("answerCallbackQuery", callback_query_id=pressed["callback_query_id"], text="👍")
        (event,) = await heard(lines, 1)
    assert event == ("answer", {**pressed, "text": "👍", "url": "", "show_alert": False})


async def test_slow_onlookers_are_sent_away() -> None:
    """Who leaves a thousand events unread loses the stream instead of filling the memory."""
    events = Events()
    stream = events.watch(7)
    await anext(stream)
    for _ in range(1001):
        events.tell(7, "typing", as_json({}))
    assert [event async for event in stream] == []


async def test_streams_end_with_the_playground() -> None:
    """A waiting onlooker is let go."""
    events = Events()
    stream = events.watch(7)
    await anext(stream)
    waiting = asyncio.create_task(anext(stream, None))
    await asyncio.sleep(0)
    events.close()
    assert await waiting is None

"""Failures on order, limits, and the log."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.playground.calls import Call
from bot.playground.errors import Refusal
from bot.playground.faults import Fault, Faults
from bot.playground.journal import MAX_ENTRIES, Journal
from bot.playground.limits import Limits, Rates
from tests.playground.conftest import BotSide, People

TOKEN = "4711:test"


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ({"kind": "flood", "retry_after": 7}, 429, "Too Many Requests: retry after 7"),
        ({"kind": "blocked"}, 403, "Forbidden: bot was blocked by the user"),
        ({"kind": "server_error"}, 500, "Internal Server Error"),
        ({"kind": "chat_not_found"}, 400, "Bad Request: chat not found"),
        ({"kind": "bad_request", "description": "Bad Request: no"}, 400, "Bad Request: no"),
    ],
)
async def test_a_fault_strikes_once(
    bot: BotSide, people: People, chat: int, *, fault: dict[str, Any], status: int, words: str
) -> None:
    """The ordered error comes once, nothing is sent by it, and then all is well again."""
    await people.order_fault(method="sendMessage", **fault)
    response = await bot.ask("sendMessage", chat_id=chat, text="x")
    assert (response.status_code, response.json()["description"]) == (status, words)
    assert len(await people.see(chat)) == 1
    assert await bot.call("sendMessage", chat_id=chat, text="x")


async def test_a_flood_tells_how_long_to_wait(bot: BotSide, people: People, chat: int) -> None:
    """429 has its seconds in the parameters and in the header."""
    await people.order_fault(kind="flood", retry_after=3)
    response = await bot.ask("sendMessage", chat_id=chat, text="x")
    assert response.json()["parameters"] == {"retry_after": 3}
    assert response.headers["retry-after"] == "3"


@pytest.mark.parametrize(("kind", "sent"), [("drop", 0), ("drop_after", 1)])
async def test_connections_are_dropped(bot: BotSide, people: People, chat: int, kind: str, sent: int) -> None:
    """A dropped connection gives no answer; what matters is whether the message was sent before it."""
    await people.order_fault(method="sendMessage", kind=kind)
    with pytest.raises(httpx.RemoteProtocolError):
        await bot.ask("sendMessage", chat_id=chat, text="x")
    assert len(await people.see(chat)) == 1 + sent
    assert await bot.call("sendMessage", chat_id=chat, text="y")


async def test_a_slow_answer_is_an_answer(bot: BotSide, people: People, chat: int) -> None:
    """A slow method does its work, later."""
    await people.order_fault(method="getMe", kind="slow", seconds=0.2)
    assert (await bot.ask("getMe")).elapsed.total_seconds() >= 0.2


async def test_faults_are_meant_for_methods_chats_and_times(bot: BotSide, people: People, chat: int) -> None:
    """Other methods and chats go free; the order stands until it struck `times` often or is taken back."""
    await people.order_fault(method="sendMessage", kind="flood", chat_id=chat, times=2)
    await people.write(8, "hi")
    assert await bot.call("getMe")
    assert await bot.call("sendMessage", chat_id=8, text="x")
    assert await bot.refused("sendMessage", chat_id=chat, text="x")
    (left,) = (await people.client.get("/faults")).json()
    assert (left["method"], left["chat_id"], left["times"]) == ("sendmessage", chat, 1)
    assert (await people.client.delete("/faults")).json() == []
    assert await bot.call("sendMessage", chat_id=chat, text="x")


@pytest.mark.parametrize(
    "fault",
    [{}, {"kind": "x"}, {"kind": "flood", "times": 0}, {"kind": "flood", "probability": 2}, {"kind": 5}],
)
async def test_orders_without_sense_are_mistakes(people: People, fault: dict[str, Any]) -> None:
    """An unknown kind or a number without sense is a 400 in words."""
    response = await people.client.post("/faults", json=fault)
    assert response.status_code == 400
    assert response.json()["error"]


def test_probability_decides_how_often() -> None:
    """A fault strikes where the dice fall below its probability, and counts only then."""
    dice = iter([0.9, 0.1, 0.2])
    faults = Faults(lambda: next(dice))
    faults.add(Fault("flood", probability=0.5, times=2))
    assert [faults.take("getme", "") is not None for _ in range(3)] == [False, True, True]
    assert faults.listed() == []


async def test_limits_are_off_until_set(bot: BotSide, people: People, chat: int) -> None:
    """With a limit of one a second to a chat the second message is a flood, and actions are free."""
    await bot.call("sendMessage", chat_id=chat, text="x")
    shown = (await people.client.post("/limits", json={"per_chat_second": 1})).json()
    assert shown == {"per_second": 0, "per_chat_second": 1, "per_group_minute": 0}
    await bot.call("sendMessage", chat_id=chat, text="x")
    assert await bot.refused("sendMessage", chat_id=chat, text="x") == "Too Many Requests: retry after 1"
    assert await bot.call("sendChatAction", chat_id=chat, action="typing")
    await people.client.post("/limits", json={})
    assert await bot.call("sendMessage", chat_id=chat, text="x")
    assert (await people.client.post("/limits", json={"per_second": -1})).status_code == 400


def test_limits_count_a_sliding_window() -> None:
    """As many as allowed fit into any second or minute; refused ones do not count."""
    limits = Limits()
    limits.set(Rates(per_second=2, per_group_minute=3))
    for now in (0.0, 0.5, 1.0):
        limits.check("sendmessage", "-5", now)
    with pytest.raises(Refusal, match="retry after 1"):
        limits.check("sendmessage", "8", 1.2)
    with pytest.raises(Refusal, match="retry after 58"):
        limits.check("sendmessage", "-5", 2.0)
    for now in (2.0, 3.0, 4.0, 5.0):
        limits.check("sendmessage", "7", now)
    limits.check("sendmessage", "-5", 60.0)


def test_only_the_newest_requests_are_logged() -> None:
    """The log has an end; numbers go on."""
    journal = Journal()
    for _ in range(MAX_ENTRIES + 1):
        journal.note(Call("getme", 0.0), 200, 0.0)
    logged = journal.since(0)
    assert (len(logged["requests"]), logged["requests"][0]["number"]) == (MAX_ENTRIES, 2)


async def test_requests_are_logged_without_the_token(
    bot: BotSide, client: httpx.AsyncClient, chat: int
) -> None:
    """The log has method, parameters, files and status of each request after a number, and no token."""
    since = (await client.get("/user/requests")).json()["last"]
    await bot.call("sendMessage", chat_id=chat, text="x", link_preview_options={"is_disabled": True})
    await bot.refused("sendMessage", chat_id=chat, text="")
    await bot.upload("sendDocument", "document", "a.txt", b"abc", chat_id=chat)
    response = await client.get("/user/requests", params={"since": since})
    first, second, third = response.json()["requests"]
    assert (first["method"], first["status"], first["number"]) == ("sendmessage", 200, since + 1)
    assert first["parameters"] == {
        "chat_id": "7",
        "text": "x",
        "link_preview_options": '{"is_disabled": true}',
    }
    assert (second["status"], second["description"]) == (400, "Bad Request: message text is empty")
    assert third["files"] == {"document": {"name": "a.txt", "size": 3}}
    assert TOKEN not in response.text
    assert (await client.get("/user/requests", params={"since": "x"})).status_code == 400

"""Sending: what comes back, what stands in the chat, and what is refused."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.playground.conftest import BotSide, People

TOKEN = "4711:test"


async def test_a_sent_message_comes_back_whole(bot: BotSide, people: People, chat: int) -> None:
    """The method answers with the Message that then stands in the chat."""
    markup = {
        "inline_keyboard": [[{"text": "👍", "callback_data": "up:1"}, {"text": "Read", "url": "arxiv.org"}]]
    }
    sent = await bot.call(
        "sendMessage",
        chat_id=chat,
        text="<b>Title</b>",
        parse_mode="HTML",
        reply_markup=markup,
        link_preview_options={"is_disabled": True, "prefer_large_media": False},
    )
    assert abs(sent.pop("date") - time.time()) < 60
    assert sent == {
        "message_id": 2,
        "from": {"id": 4711, "is_bot": True, "first_name": "Paperboy", "username": "paperboy_playground_bot"},
        "chat": {"id": 7, "first_name": "Ada", "type": "private"},
        "text": "Title",
        "entities": [{"offset": 0, "length": 5, "type": "bold"}],
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "👍", "callback_data": "up:1"}, {"text": "Read", "url": "http://arxiv.org/"}],
            ]
        },
    }
    assert (await people.see(chat))[-1]["message_id"] == 2


async def test_parameters_are_read_from_every_kind_of_request(client: httpx.AsyncClient, chat: int) -> None:
    """Address, form, JSON and multipart all carry parameters, and a method's name has no case."""
    path = f"/bot{TOKEN}/sendMESSAGE"
    fields = {"chat_id": "7", "text": "ä&b"}
    responses = [
        await client.get(path, params=fields),
        await client.post(path, data=fields),
        await client.post(path, json={"chat_id": 7, "text": "ä&b"}),
        await client.post(path, data=fields, files={"unused": ("a.txt", b"x")}),
    ]
    assert [response.json()["result"]["text"] for response in responses] == ["ä&b"] * 4


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": "x", "chat_id": 8}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
        ({"text": "x", "message_thread_id": 5}, "message thread not found"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "link_preview_options": "[1]"}, "object expected as link preview options"),
    ],
)
async def test_what_is_refused(bot: BotSide, chat: int, parameters: dict[str, Any], words: str) -> None:
    """A refused message leaves nothing in the chat and tells why in Telegram's words."""
    assert await bot.refused("sendMessage", **{"chat_id": chat, **parameters}) == f"Bad Request: {words}"


async def test_a_chat_is_not_found_until_its_user_wrote(bot: BotSide, people: People) -> None:
    """A bot cannot begin a conversation."""
    assert await bot.refused("sendMessage", chat_id=9, text="x") == "Bad Request: chat not found"
    await people.write(9, "hello")
    assert await bot.call("sendMessage", chat_id=9, text="x")


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed",
        ),
        (
            {"text": "x", "url": "a.bc", "callback_data": "x"},
            "can't parse inline keyboard button: exactly one action",
        ),
        ({"text": "x", "url": "no link"}, "inline keyboard button URL 'no link' is invalid: "),
        (
            {"text": "x", "url": "localhost"},
            "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL",
        ),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ("x", "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
    ],
)
async def test_buttons_that_are_refused(bot: BotSide, chat: int, button: Any, words: str) -> None:
    """A button has a text and exactly one action, with at most 64 bytes of data."""
    refusal = await bot.refused(
        "sendMessage", chat_id=chat, text="x", reply_markup={"inline_keyboard": [[button]]}
    )
    assert refusal.startswith(f"Bad Request: {words}")


async def test_64_bytes_of_data_fit(bot: BotSide, chat: int) -> None:
    """The limit itself is allowed, counted in bytes."""
    button = {"text": "x", "callback_data": "é" * 32}
    assert await bot.call("sendMessage", chat_id=chat, text="x", reply_markup={"inline_keyboard": [[button]]})


async def test_a_keyboard_has_a_hundred_buttons_at_most(bot: BotSide, chat: int) -> None:
    """One button more is too long; empty rows and an empty keyboard are none."""
    rows = [[{"text": "x", "callback_data": "x"}]] * 100
    most = {"inline_keyboard": [*rows, []]}
    assert await bot.call("sendMessage", chat_id=chat, text="x", reply_markup=most)
    more = {"inline_keyboard": [*rows, rows[0]]}
    refusal = await bot.refused("sendMessage", chat_id=chat, text="x", reply_markup=more)
    assert refusal == "Bad Request: reply markup is too long"
    plain = await bot.call("sendMessage", chat_id=chat, text="x", reply_markup={"inline_keyboard": []})
    assert "reply_markup" not in plain


async def test_a_reply_holds_the_message_that_it_answers(bot: BotSide, chat: int) -> None:
    """The answered message comes whole, without what it answered; a lost one can be passed over."""
    first = await bot.call("sendMessage", chat_id=chat, text="b", reply_parameters={"message_id": 1})
    second = await bot.call("sendMessage", chat_id=chat, text="c", reply_to_message_id=first["message_id"])
    assert second["reply_to_message"]["text"] == "b"
    assert "reply_to_message" not in second["reply_to_message"]
    free = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await bot.call(
        "sendMessage", chat_id=chat, text="d", reply_parameters=free
    )


async def test_topics_are_known_once_someone_wrote_there(bot: BotSide, people: People) -> None:
    """A message can be sent to the topic of a group in which a person wrote."""
    await people.write(-1000000000077, "hi", thread_id=5)
    sent = await bot.call("sendMessage", chat_id=-1000000000077, text="x", message_thread_id=5)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (5, True)


async def test_only_the_newest_messages_of_a_chat_are_kept(bot: BotSide, people: People, chat: int) -> None:
    """The thousand and first message pushes the oldest one out."""
    for number in range(1001):
        await bot.call("sendMessage", chat_id=chat, text=str(number))
    seen = await people.see(chat)
    assert len(seen) == 1000
    assert seen[0]["message_id"] == 3


async def test_strangers_are_unauthorized(client: httpx.AsyncClient) -> None:
    """A wrong token opens nothing, an unknown method is not found."""
    wrong = await client.post("/bot1:wrong/getMe")
    unknown = await client.post(f"/bot{TOKEN}/sendPoll")
    assert (wrong.status_code, wrong.json()["description"]) == (httpx.codes.UNAUTHORIZED, "Unauthorized")
    assert (unknown.status_code, unknown.json()["description"]) == (404, "Not Found: method not found")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b"{"),
        ({"content-type": "application/json"}, b"[]"),
        ({"content-type": "multipart/form-data"}, b"x"),
        ({"content-type": "multipart/form-data; boundary=x"}, b"broken"),
    ],
)
async def test_broken_bodies_are_bad_requests(
    client: httpx.AsyncClient, headers: dict[str, str], body: bytes
) -> None:
    """A body that is not what it says it is gets 400, never 500."""
    response = await client.post(f"/bot{TOKEN}/getMe", headers=headers, content=body)
    assert response.status_code == httpx.codes.BAD_REQUEST

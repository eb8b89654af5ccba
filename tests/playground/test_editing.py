"""Editing, deleting, and answering presses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.playground.conftest import BotSide, People, Pressable

KEYBOARD = {"inline_keyboard": [[{"text": "👍 1", "callback_data": "up:1"}]]}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


@pytest.mark.parametrize("with_keyboard", [True, False])
async def test_an_edit_changes_text_and_keyboard(
    bot: BotSide, people: People, chat: int, pressable: Pressable, *, with_keyboard: bool
) -> None:
    """The edited message has the new text, an edit date, and a keyboard only where one is given again."""
    markup = {"reply_markup": KEYBOARD} if with_keyboard else {}
    edited = await bot.call(
        "editMessageText", chat_id=chat, message_id=pressable.message_id, text="New", **markup
    )
    assert (edited["text"], edited.get("reply_markup")) == ("New", markup.get("reply_markup"))
    assert edited["edit_date"] >= edited["date"]
    assert await people.see(chat) == [(await people.see(chat))[0], edited]


async def test_new_buttons_alone_are_no_edit_to_people(
    bot: BotSide, people: People, chat: int, pressable: Pressable
) -> None:
    """The bot always gets an edit date; people are told of an edit only once the words were changed."""
    here = {"chat_id": chat, "message_id": pressable.message_id}
    quiet = await bot.call("editMessageReplyMarkup", **here, reply_markup=KEYBOARD)
    assert "edit_date" in quiet
    assert (await people.see(chat))[-1] == {**quiet, "edit_hidden": True}
    loud = await bot.call("editMessageText", **here, text="New", reply_markup=KEYBOARD)
    assert (await people.see(chat))[-1] == loud
    again = await bot.call("editMessageReplyMarkup", **here)
    assert (await people.see(chat))[-1] == again


async def test_unchanged_edits_are_refused(bot: BotSide, chat: int, pressable: Pressable) -> None:
    """The same text and keyboard again are an error, in all three methods."""
    here = {"chat_id": chat, "message_id": pressable.message_id}
    await bot.call("editMessageReplyMarkup", **here, reply_markup=KEYBOARD)
    assert await bot.refused("editMessageReplyMarkup", **here, reply_markup=KEYBOARD) == NOT_MODIFIED
    same = {**here, "text": "<b></b>A paper ", "parse_mode": "HTML", "reply_markup": KEYBOARD}
    assert await bot.refused("editMessageText", **same) == NOT_MODIFIED


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageText", {"message_id": 2, "text": ""}, "message text is empty"),
        (
            "editMessageCaption",
            {"message_id": 2, "caption": "x"},
            "there is no caption in the message to edit",
        ),
        ("editMessageReplyMarkup", {"message_id": 99}, "message to edit not found"),
        ("editMessageReplyMarkup", {"chat_id": ""}, "message identifier is not specified"),
        (
            "editMessageMedia",
            {"message_id": 2, "media": {"type": "photo"}},
            "there is no photo in the request",
        ),
        (
            "editMessageMedia",
            {"message_id": 2, "media": {"type": "video"}},
            "can't parse InputMedia: only photo and document are supported by the playground",
        ),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("deleteMessage", {}, "message identifier is not specified"),
        ("deleteMessages", {"message_ids": []}, "message identifiers are not specified"),
        ("deleteMessages", {"message_ids": "{"}, "can't parse message_ids JSON object"),
        ("deleteMessages", {"message_ids": [0]}, "invalid message identifier specified"),
        ("deleteMessages", {"message_ids": list(range(1, 102))}, "too many message identifiers specified"),
    ],
)
async def test_what_is_refused(
    bot: BotSide, chat: int, pressable: Pressable, *, method: str, parameters: dict[str, Any], words: str
) -> None:
    """What is not there, not the bot's own, or of another kind cannot be changed."""
    assert await bot.refused(method, **{"chat_id": chat, **parameters}) == f"Bad Request: {words}"


async def test_deleted_messages_are_gone(
    bot: BotSide, people: People, chat: int, pressable: Pressable
) -> None:
    """A bot may delete in a private chat whatever was written; a second time there is nothing to delete."""
    assert await bot.call("deleteMessage", chat_id=chat, message_id=pressable.message_id)
    assert await bot.refused("deleteMessage", chat_id=chat, message_id=pressable.message_id)
    assert await bot.call("deleteMessages", chat_id=chat, message_ids=[1, 99])
    assert await people.see(chat) == []


async def test_messages_of_others_in_a_group_stay(bot: BotSide, people: People) -> None:
    """A bot that is no administrator deletes only its own messages in a group."""
    await people.write(-5, "hi")
    assert (
        await bot.refused("deleteMessage", chat_id=-5, message_id=1)
        == "Bad Request: message can't be deleted"
    )


async def test_a_press_is_answered_once(
    bot: BotSide, people: People, chat: int, pressable: Pressable
) -> None:
    """The update carries message and data; the answer reaches who waits, a second one is too late."""
    waiting = await people.press_and_wait(chat, pressable.message_id, pressable.data)
    (update,) = await bot.updates(timeout=5)
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["text"]) == ("up:1", chat, "A paper")
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Noted", show_alert=True)
    pressed = (await waiting).json()
    assert pressed == {
        "callback_query_id": query["id"],
        "answer": {"text": "Noted", "show_alert": True, "url": ""},
    }
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await bot.refused("answerCallbackQuery", callback_query_id=query["id"]) == late


async def test_a_press_does_not_wait_unless_asked_to(people: People, chat: int, pressable: Pressable) -> None:
    """Without `wait` the press is confirmed at once; with it and no answer, the answer is null."""
    pressed = await people.act(chat, "presses", message_id=pressable.message_id, data=pressable.data)
    assert set(pressed) == {"callback_query_id"}
    path = f"/user/chats/{chat}/presses?wait=1"
    response = await people.client.post(
        path, json={"message_id": pressable.message_id, "data": pressable.data}
    )
    assert response.json()["answer"] is None


async def test_over_long_answers_are_refused(
    bot: BotSide, people: People, chat: int, pressable: Pressable
) -> None:
    """An answer has 200 characters at most, and a refused one leaves the press open."""
    pressed = await people.act(chat, "presses", message_id=pressable.message_id, data=pressable.data)
    query = {"callback_query_id": pressed["callback_query_id"]}
    assert (
        await bot.refused("answerCallbackQuery", **query, text="x" * 201) == "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await bot.call("answerCallbackQuery", **query, text="x" * 200)


@pytest.mark.parametrize(
    ("chat_id", "fields", "status"),
    [
        (7, {"message_id": 99, "data": "up:1"}, 404),
        (8, {"message_id": 2, "data": "up:1"}, 404),
        (7, {"message_id": 2, "data": "other"}, 400),
        (7, {"data": "up:1"}, 400),
        (7, {"message_id": "2", "data": "up:1"}, 400),
    ],
)
async def test_presses_on_nothing(
    people: People, pressable: Pressable, chat_id: int, fields: dict[str, Any], status: int
) -> None:
    """Where there is no such chat, message or button, the caller hears so."""
    response = await people.client.post(f"/user/chats/{chat_id}/presses", json=fields)
    assert response.status_code == status
    assert response.json()["error"]

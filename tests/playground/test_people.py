"""The user side: chats and what people do in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.playground.conftest import BotSide, People, Pressable

BLOCKED = "Forbidden: bot was blocked by the user"


async def test_an_unknown_chat_is_empty(people: People) -> None:
    """A chat that has no messages is an empty list, not an error, and looking makes none."""
    assert await people.see(5) == []
    assert (await people.client.get("/user/chats")).json() == []


async def test_a_written_message_becomes_an_update(bot: BotSide, people: People) -> None:
    """The message in the chat, the answer to the writer and the update are the same object."""
    written = await people.write(7, " /start  now ", first_name="Ada", language_code="de")
    assert written["text"] == "/start  now"
    assert written["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert written["from"] == {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "de"}
    assert [update["message"] for update in await bot.updates()] == [written] == await people.see(7)


@pytest.mark.parametrize(("chat_id", "kind"), [(7, "private"), (-7, "group"), (-1001234567890, "supergroup")])
async def test_the_id_tells_the_kind_of_chat(bot: BotSide, people: People, chat_id: int, kind: str) -> None:
    """Positive ids are people, negative ones groups, those of -100 and ten digits supergroups."""
    written = await people.write(chat_id, "/today", title="Lab", user_id=7)
    assert written["chat"]["type"] == kind
    assert written["from"]["id"] == 7
    assert (await bot.call("getChat", chat_id=chat_id))["type"] == kind
    (listed,) = (await people.client.get("/user/chats")).json()
    assert (listed["chat"], listed["messages"], listed["standing"]) == (written["chat"], 1, "member")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("7/messages", {"text": ""}),
        ("7/messages", {"text": "x" * 4097}),
        ("7/messages", {}),
        ("7/messages", {"text": 5}),
        ("7/messages", {"text": "x", "user_id": 8}),
        ("7/messages", {"text": "x", "thread_id": True}),
        ("0/messages", {"text": "x"}),
        ("me/messages", {"text": "x"}),
        ("7/add", {}),
        ("-7/migrate", {}),
    ],
)
async def test_mistakes_are_told(people: People, path: str, fields: dict[str, Any]) -> None:
    """A mistake is a 4xx with an `error` in words."""
    response = await people.client.post(f"/user/chats/{path}", json=fields)
    assert 400 <= response.status_code < 500
    assert response.json()["error"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_bodies_must_be_json_objects(people: People, body: bytes) -> None:
    """Anything but a JSON object is a 400."""
    assert (await people.client.post("/user/chats/7/messages", content=body)).status_code == 400


async def test_a_blocked_bot_cannot_write(
    bot: BotSide, people: People, chat: int, pressable: Pressable
) -> None:
    """Blocking is told by my_chat_member; sends, edits and actions are forbidden until it is undone."""
    await people.act(chat, "block")
    await people.act(chat, "block")
    here = {"chat_id": chat, "message_id": pressable.message_id}
    assert await bot.refused("sendMessage", chat_id=chat, text="x") == BLOCKED
    assert await bot.refused("sendChatAction", chat_id=chat, action="typing") == BLOCKED
    assert await bot.refused("editMessageText", **here, text="x") == BLOCKED
    await people.act(chat, "unblock")
    assert await bot.call("sendMessage", chat_id=chat, text="x")
    changes = [update["my_chat_member"] for update in await bot.updates()]
    standings = [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes]
    assert standings == [("member", "kicked"), ("kicked", "member")]
    assert changes[0]["from"]["id"] == chat


async def test_writing_to_a_blocked_bot_unblocks_it(bot: BotSide, people: People, chat: int) -> None:
    """As by Telegram's restart button, /start brings the bot back."""
    await people.act(chat, "block")
    await people.write(chat, "/start")
    assert [list(update)[1] for update in await bot.updates()] == [
        "my_chat_member",
        "my_chat_member",
        "message",
    ]
    assert await bot.call("sendMessage", chat_id=chat, text="x")


async def test_a_bot_is_added_to_a_group_and_thrown_out(bot: BotSide, people: People) -> None:
    """Both are told by my_chat_member; out of the group it hears and writes nothing."""
    await people.act(-9, "add", title="Lab", user_id=3)
    assert (await people.client.post("/user/chats/-9/add", json={})).status_code == 400
    await people.act(-9, "block", user_id=3)
    await people.write(-9, "unheard", user_id=3)
    assert await bot.refused("sendMessage", chat_id=-9, text="x") == (
        "Forbidden: bot was kicked from the group chat"
    )
    kinds = [list(update)[1] for update in await bot.updates()]
    assert kinds == ["my_chat_member", "message", "my_chat_member"]
    await people.act(-9, "add", user_id=3)
    assert await bot.call("leaveChat", chat_id=-9)
    assert await bot.refused("sendMessage", chat_id=-9, text="x") == (
        "Forbidden: bot is not a member of the group chat"
    )


async def test_a_group_becomes_a_supergroup(bot: BotSide, people: People) -> None:
    """Both chats tell of it, and whoever writes to the old one learns the new id."""
    await people.write(-42, "/start", title="Lab", user_id=3)
    new_id = (await people.act(-42, "migrate"))["chat_id"]
    assert new_id == -1000000000042
    answer = (await bot.ask("sendMessage", chat_id=-42, text="x")).json()
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new_id},
    }
    _, there, here = [update["message"] for update in await bot.updates()]
    assert (there["migrate_to_chat_id"], here["migrate_from_chat_id"]) == (new_id, -42)
    assert (await bot.call("sendMessage", chat_id=new_id, text="x"))["chat"]["title"] == "Lab"
    assert (await people.client.post("/user/chats/-42/messages", json={"text": "x"})).status_code == 400
    assert (await people.client.post("/user/chats/-42/migrate", json={})).status_code == 400


async def test_who_is_in_a_chat(bot: BotSide, people: People, chat: int) -> None:
    """The first person of a group owns it; the bot is a member; strangers are not found."""
    await people.write(-5, "a", user_id=3, first_name="Kofi")
    await people.write(-5, "b", user_id=4)

    async def status(user_id: int, chat_id: int = -5) -> str:
        return str((await bot.call("getChatMember", chat_id=chat_id, user_id=user_id))["status"])

    assert [await status(3), await status(4), await status(4711)] == ["creator", "member", "member"]
    assert await status(chat, chat) == "member"
    assert await bot.refused("getChatMember", chat_id=-5, user_id=9) == "Bad Request: member not found"
    (owner,) = await bot.call("getChatAdministrators", chat_id=-5)
    assert owner["user"]["first_name"] == "Kofi"
    assert await bot.call("getChatMemberCount", chat_id=-5) == 3
    assert await bot.call("getChatMemberCount", chat_id=chat) == 2
    assert "private chat" in await bot.refused("getChatAdministrators", chat_id=chat)
    assert await bot.refused("leaveChat", chat_id=chat) == "Bad Request: chat can't be left"


async def test_the_bot_reacts_and_types(bot: BotSide, chat: int) -> None:
    """Actions and reactions must have Telegram's form."""
    here = {"chat_id": chat, "message_id": 1}
    assert await bot.call("sendChatAction", chat_id=chat, action="typing")
    assert "action" in await bot.refused("sendChatAction", chat_id=chat, action="dance")
    assert await bot.call("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert await bot.refused("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👍"}] * 2)
    assert await bot.refused("setMessageReaction", **here, reaction=["👍"])
    missing = await bot.refused("setMessageReaction", chat_id=chat, message_id=9)
    assert missing == "Bad Request: message to react not found"


async def test_a_reply_tells_what_it_answers(bot: BotSide, people: People) -> None:
    """The bot sees the message that was answered; a reply to nothing is a mistake of the tester's."""
    await people.write(7, "hello")
    sent = await bot.call("sendMessage", chat_id=7, text="which?")
    reply = await people.act(7, "messages", text="this", reply_to_message_id=sent["message_id"])
    assert reply["reply_to_message"]["text"] == "which?"
    update = (await bot.updates())[-1]
    assert update["message"]["reply_to_message"]["from"]["is_bot"]

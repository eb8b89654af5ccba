"""What people do to messages that are there: edit, delete, forward."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot

from bot.playground import Playground
from tests.playground.conftest import BotSide, People, Pressable

LINKS = {"inline_keyboard": [[{"text": "Read", "url": "https://arxiv.org/"}]]}
MIXED = {"inline_keyboard": [*LINKS["inline_keyboard"], [{"text": "👍", "callback_data": "up"}]]}


async def test_people_edit_what_they_wrote(
    bot: BotSide, people: People, chat: int, pressable: Pressable
) -> None:
    """The bot hears the new words as edited_message; what it wrote itself is not theirs to edit."""
    await people.act(chat, "messages/1", text="/today <b>")
    (update,) = await bot.updates()
    assert (update["edited_message"]["text"], update["edited_message"]["message_id"]) == ("/today <b>", 1)
    assert "edit_date" in update["edited_message"]
    assert await people.refused(chat, f"messages/{pressable.message_id}", text="x") == 403
    assert await people.refused(chat, "messages/99", text="x") == 404
    assert await people.refused(chat, "messages/1", text="") == 400


async def test_people_edit_captions(bot: BotSide, people: People) -> None:
    """A file keeps its body; other words stand under it."""
    files = {"document": ("a.txt", b"x")}
    sent = (await people.client.post("/user/chats/7/documents", files=files, data={"caption": "a"})).json()
    edited = await people.act(7, f"messages/{sent['message_id']}", text="b")
    assert (edited["caption"], edited["document"], "text" in edited) == ("b", sent["document"], False)


async def test_the_bot_hears_nothing_of_deleted_messages(
    bot: BotSide, people: People, chat: int, pressable: Pressable
) -> None:
    """A person deletes even the bot's message; later edits and presses find none."""
    assert await people.delete(chat, pressable.message_id) == 200
    assert await people.delete(chat, pressable.message_id) == 404
    assert await bot.updates() == []
    here = {"chat_id": chat, "message_id": pressable.message_id}
    assert await bot.refused("editMessageText", **here, text="x") == "Bad Request: message to edit not found"
    assert await people.refused(chat, "presses", message_id=pressable.message_id, data=pressable.data) == 404


async def test_who_may_delete_in_a_group(people: People) -> None:
    """Everyone their own messages, administrators anyone's."""
    await people.write(-5, "first", user_id=1)
    await people.write(-5, "second", user_id=2)
    await people.write(-5, "third", user_id=2)
    assert await people.delete(-5, 1, user_id=2) == 403
    assert await people.delete(-5, 2, user_id=2) == 200
    assert await people.delete(-5, 3, user_id=1) == 200


@pytest.mark.parametrize(("keyboard", "kept"), [(LINKS, LINKS), (MIXED, None), (None, None)])
async def test_forwarded_messages_tell_their_origin(
    bot: BotSide, people: People, chat: int, keyboard: Any, kept: Any
) -> None:
    """Words and origin go along, also through two hands; buttons only where all of them are links."""
    sent = await bot.call(
        "sendMessage", chat_id=chat, text="<b>x</b>", parse_mode="HTML", reply_markup=keyboard
    )
    first = await people.act(-5, "forward", from_chat_id=chat, message_id=sent["message_id"], user_id=3)
    (update,) = await bot.updates()
    assert update["message"] == first
    assert first["forward_origin"] == {"type": "user", "date": sent["date"], "sender_user": sent["from"]}
    assert (first["from"]["id"], first["text"], first["entities"]) == (3, "x", sent["entities"])
    assert first.get("reply_markup") == kept
    again = await people.act(8, "forward", from_chat_id=-5, message_id=first["message_id"])
    assert again["forward_origin"] == first["forward_origin"]


async def test_origins_of_channels_and_masks(playground: Playground, people: People) -> None:
    """A post names its channel and number, an anonymous word its group; the library understands all."""
    await people.act(-1000000000006, "add", kind="channel", title="Papers")
    post = await people.write(-1000000000006, "x")
    await people.act(-5, "add", title="Lab")
    await people.act(-5, "people", user_id=1, anonymous=True)
    masked = await people.write(-5, "y")
    for chat_id, message in ((-1000000000006, post), (-5, masked)):
        await people.act(7, "forward", from_chat_id=chat_id, message_id=message["message_id"])
    async with Bot("4711:test", base_url=playground.base_url) as ptb:
        *_, channel, group = [update.effective_message for update in await ptb.get_updates()]
    assert (channel.forward_origin.chat.title, channel.forward_origin.message_id) == (
        "Papers",
        post["message_id"],
    )
    assert group.forward_origin.sender_chat.title == "Lab"


async def test_what_cannot_be_forwarded(bot: BotSide, people: People, chat: int) -> None:
    """Protected messages, words of the service and messages that are not there stay."""
    sent = await bot.call("sendMessage", chat_id=chat, text="x", protect_content=True)
    await people.act(-5, "add")
    for source, message_id in ((chat, sent["message_id"]), (-5, 1)):
        assert await people.refused(chat, "forward", from_chat_id=source, message_id=message_id) == 400
    assert await people.refused(chat, "forward", from_chat_id=chat, message_id=99) == 404
    assert await people.refused(chat, "forward", from_chat_id=-99, message_id=1) == 404


async def test_reactions_that_telegram_does_not_offer(bot: BotSide, people: People, chat: int) -> None:
    """Nobody can react with what is no reaction; a heart is one with or without its sign."""
    assert await people.refused(chat, "reactions", message_id=1, emoji="🔖") == 400
    here = {"chat_id": chat, "message_id": 1}
    refusal = await bot.refused("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "🔖"}])
    assert refusal == "Bad Request: REACTION_INVALID"
    await bot.call("setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "❤"}])
    await people.act(chat, "reactions", message_id=1, emoji="❤️")
    assert (await people.see(chat))[0]["reactions"] == [{"emoji": "❤", "user_ids": [4711, chat]}]

"""Channels: the bot leads, posts have no sender but the channel, and reactions are counted, not named."""

from __future__ import annotations

import pytest
from telegram import Bot, Update

from bot.playground import Playground
from tests.playground.conftest import BotSide, People

TOKEN = "4711:test"
CHANNEL = -1000000000006
REMOVED = "Forbidden: bot was kicked from the channel chat"


@pytest.fixture
async def channel(people: People) -> int:
    """Return a channel that Ada (1) made and took the bot into."""
    await people.act(CHANNEL, "add", kind="channel", title="Papers", user_id=1, first_name="Ada")
    return CHANNEL


async def test_a_channel_takes_the_bot_as_administrator(bot: BotSide, people: People, channel: int) -> None:
    """The bot is told so, with its rights, and thrown out like from a group; no message tells of it."""
    await people.act(channel, "block", user_id=1)
    assert await bot.refused("sendMessage", chat_id=channel, text="x") == REMOVED
    await people.act(channel, "add", user_id=1)
    changes = [update["my_chat_member"] for update in await bot.updates()]
    statuses = [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes]
    assert statuses == [("left", "administrator"), ("administrator", "kicked"), ("kicked", "administrator")]
    assert changes[0]["new_chat_member"]["can_post_messages"]
    assert changes[0]["chat"] == {"id": channel, "title": "Papers", "type": "channel"}
    assert await people.see(channel) == []


async def test_posts_stand_in_the_name_of_the_channel(bot: BotSide, people: People, channel: int) -> None:
    """A person's post comes as channel_post, its edit as edited_channel_post, neither with a sender."""
    await bot.updates()
    post = await people.write(channel, "hello")
    await people.act(channel, f"messages/{post['message_id']}", text="hello all")
    first, second = await bot.updates()
    assert (first["channel_post"], second["edited_channel_post"]["text"]) == (post, "hello all")
    assert ("from" in post, post["sender_chat"]) == (False, post["chat"])
    sent = await bot.call("sendMessage", chat_id=channel, text="A digest")
    assert ("from" in sent, sent["sender_chat"]["id"]) == (False, channel)
    here = {"chat_id": channel, "message_id": sent["message_id"]}
    assert (await bot.call("editMessageText", **here, text="New"))["text"] == "New"
    assert await bot.call("deleteMessages", chat_id=channel, message_ids=[1, 2])


async def test_only_administrators_write(people: People, channel: int) -> None:
    """A reader of a channel may neither post nor edit nor delete."""
    post = await people.write(channel, "hello", user_id=1)
    assert await people.refused(channel, "messages", text="x", user_id=2) == 403
    assert await people.refused(channel, f"messages/{post['message_id']}", text="x", user_id=2) == 403
    assert await people.delete(channel, post["message_id"], user_id=2) == 403
    await people.act(channel, "people", user_id=2, role="administrator")
    assert await people.write(channel, "x", user_id=2)


async def test_readers_press_buttons(bot: BotSide, people: People, channel: int) -> None:
    """A press has its person, the message under the button has none."""
    keyboard = {"inline_keyboard": [[{"text": "👍", "callback_data": "up"}]]}
    sent = await bot.call("sendMessage", chat_id=channel, text="x", reply_markup=keyboard)
    await people.act(channel, "presses", message_id=sent["message_id"], data="up", user_id=2)
    query = (await bot.updates())[-1]["callback_query"]
    assert (query["from"]["id"], query["message"]) == (2, sent)


async def test_reactions_are_counted(bot: BotSide, people: People, channel: int) -> None:
    """Each change brings the counts as they are now, the most frequent first, where they are asked for."""
    sent = await bot.call("sendMessage", chat_id=channel, text="x")
    here = {"message_id": sent["message_id"]}
    await people.act(channel, "reactions", **here, emoji="🔥", user_id=2)
    await bot.updates(allowed_updates=["message_reaction_count"])
    await people.act(channel, "reactions", **here, emoji="👍", user_id=3)
    await people.act(channel, "reactions", **here, emoji="👍", user_id=4)
    await people.act(channel, "reactions", **here, emoji=None, user_id=2)
    *_, both, last = [update["message_reaction_count"] for update in await bot.updates()]
    assert [(one["type"]["emoji"], one["total_count"]) for one in both["reactions"]] == [("👍", 2), ("🔥", 1)]
    assert [(one["type"]["emoji"], one["total_count"]) for one in last["reactions"]] == [("👍", 2)]
    assert ("user" in last, last["message_id"]) == (False, sent["message_id"])


async def test_the_library_understands_channels(playground: Playground, people: People, channel: int) -> None:
    """python-telegram-bot makes its own objects of posts, counts and rights."""
    async with Bot(TOKEN, base_url=playground.base_url) as ptb:
        await ptb.get_updates(allowed_updates=Update.ALL_TYPES)
        sent = await ptb.send_message(channel, "x")
        await people.act(channel, "reactions", message_id=sent.message_id, emoji="👍")
        await people.write(channel, "hello")
        added, counted, posted = await ptb.get_updates(timeout=5)
        assert added.my_chat_member.new_chat_member.can_edit_messages
        assert counted.message_reaction_count.reactions[0].total_count == 1
        assert (posted.channel_post.text, posted.effective_user) == ("hello", None)


@pytest.mark.parametrize(
    ("chat_id", "kind"), [(-6, "channel"), (-6, "supergroup"), (7, "channel"), (CHANNEL, "club")]
)
async def test_kinds_that_an_id_cannot_have(people: People, chat_id: int, kind: str) -> None:
    """A channel has an id like a supergroup's, and stays what it is."""
    assert await people.refused(chat_id, "add", kind=kind) == 400


async def test_a_channel_stays_a_channel(people: People, channel: int) -> None:
    """It cannot be added again as a group."""
    await people.act(channel, "block")
    assert await people.refused(channel, "add", kind="supergroup") == 400

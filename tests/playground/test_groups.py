"""Groups: who leads, who hides behind the group, who reacts, and in which topic something is said."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.types import ChatMemberAdministrator, ChatMemberLeft, ChatMemberMember, ChatMemberOwner
from telegram import Bot, ChatMember

from bot.playground import Playground
from tests.playground.conftest import BotSide, People

TOKEN = "4711:test"
LAB = -5
FORUM = -1000000000005
BOT = 4711


@pytest.fixture
async def lab(people: People, bot: BotSide) -> int:
    """Return a group that Ada (1) made, with Ben (2) as administrator and Chloe (3), and no updates."""
    await people.act(LAB, "add", title="Lab", user_id=1, first_name="Ada")
    await people.act(LAB, "people", user_id=2, first_name="Ben", role="administrator")
    await people.act(LAB, "people", user_id=3, first_name="Chloe")
    await bot.updates()
    return LAB


async def role(bot: BotSide, user_id: int, chat_id: int = LAB) -> str:
    """Ask how somebody stands in a group."""
    return str((await bot.call("getChatMember", chat_id=chat_id, user_id=user_id))["status"])


async def test_who_leads_a_group(bot: BotSide, people: People, lab: int) -> None:
    """Who added the bot is the creator; bot and people are told the same of everyone."""
    assert [await role(bot, who) for who in (1, 2, 3, BOT)] == [
        "creator",
        "administrator",
        "member",
        "member",
    ]
    leaders = await bot.call("getChatAdministrators", chat_id=lab)
    assert [(one["user"]["first_name"], one["status"]) for one in leaders] == [
        ("Ada", "creator"),
        ("Ben", "administrator"),
    ]
    assert await bot.call("getChatMemberCount", chat_id=lab) == 4
    seen = (await people.client.get(f"/user/chats/{lab}/people")).json()
    assert [one["user"]["first_name"] for one in seen] == ["Ada", "Ben", "Chloe", "Paperboy"]
    assert seen[:2] == leaders


async def test_members_have_the_official_form(bot: BotSide, people: People, lab: int) -> None:
    """Each kind of ChatMember has all fields that the official schema asks for."""
    await people.act(lab, "people", user_id=4, role="left")
    await people.act(lab, "people", user_id=BOT, role="administrator")
    models = {1: ChatMemberOwner, 2: ChatMemberAdministrator, 3: ChatMemberMember, 4: ChatMemberLeft}
    for user_id, model in {**models, BOT: ChatMemberAdministrator}.items():
        told = await bot.call("getChatMember", chat_id=lab, user_id=user_id)
        assert set(told) <= set(model.model_fields)
        model.model_validate(told)


async def test_the_library_understands_members(playground: Playground, lab: int) -> None:
    """python-telegram-bot makes its own objects of them."""
    async with Bot(TOKEN, base_url=playground.base_url) as ptb:
        owner, admin = await ptb.get_chat_administrators(lab)
        assert (owner.status, admin.status) == (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
        assert admin.can_pin_messages
        assert (await ptb.get_chat_member(lab, 3)).status == ChatMember.MEMBER


async def test_a_group_has_one_creator(bot: BotSide, people: People, lab: int) -> None:
    """Who hands the group over stays as administrator."""
    await people.act(lab, "people", user_id=3, role="creator")
    assert [await role(bot, who) for who in (1, 3)] == ["administrator", "creator"]


async def test_who_left_is_no_longer_counted(bot: BotSide, people: People, lab: int) -> None:
    """One who left is back with the next word; the bot hears of going and coming as administrator."""
    await bot.call("getUpdates", allowed_updates=["chat_member", "my_chat_member"])
    await people.act(lab, "people", user_id=3, role="left")
    await people.act(lab, "people", user_id=3, role="member")
    assert await bot.updates() == []
    await people.act(lab, "people", user_id=BOT, role="administrator")
    await people.act(lab, "people", user_id=3, role="left")
    assert (await role(bot, 3), await bot.call("getChatMemberCount", chat_id=lab)) == ("left", 3)
    mine, hers = await bot.updates()
    assert mine["my_chat_member"]["new_chat_member"]["can_delete_messages"]
    assert hers["chat_member"]["from"]["first_name"] == "Chloe"
    assert hers["chat_member"]["new_chat_member"]["status"] == "left"
    await people.write(lab, "back", user_id=3)
    assert await role(bot, 3) == "member"


@pytest.mark.parametrize(
    ("chat_id", "fields", "status"),
    [
        (LAB, {"user_id": 3, "role": "king"}, 400),
        (LAB, {"role": "member"}, 400),
        (LAB, {"user_id": 3, "anonymous": "yes"}, 400),
        (LAB, {"user_id": BOT, "role": "creator"}, 400),
        (-6, {"user_id": 3, "role": "member"}, 404),
        (-6, {"user_id": BOT, "role": "member"}, 404),
    ],
)
async def test_roles_that_are_none(
    people: People, lab: int, chat_id: int, fields: dict[str, Any], status: int
) -> None:
    """A wrong role, chat or mask is told in words."""
    assert await people.refused(chat_id, "people", **fields) == status


async def test_a_private_chat_has_no_roles(bot: BotSide, people: People, chat: int) -> None:
    """Its person can get another name and language there, no role."""
    assert await people.refused(chat, "people", user_id=chat, role="creator") == 400
    await people.act(chat, "people", user_id=chat, first_name="Ada Two", language_code="zh")
    written = await people.write(chat, "hi")
    assert (written["from"]["first_name"], written["from"]["language_code"]) == ("Ada Two", "zh")


async def test_an_anonymous_administrator_writes_as_the_group(bot: BotSide, people: People, lab: int) -> None:
    """The bot sees GroupAnonymousBot and the group; a plain member cannot hide."""
    await people.act(lab, "people", user_id=2, anonymous=True)
    await people.act(lab, "people", user_id=3, anonymous=True)
    await people.write(lab, "masked", user_id=2)
    await people.write(lab, "open", user_id=3)
    masked, plain = [update["message"] for update in await bot.updates()]
    assert (masked["from"]["id"], masked["from"]["username"]) == (1087968824, "GroupAnonymousBot")
    assert masked["sender_chat"] == masked["chat"]
    assert (plain["from"]["id"], "sender_chat" in plain) == (3, False)
    assert (await bot.call("getChatMember", chat_id=lab, user_id=2))["is_anonymous"]
    await people.act(lab, "people", user_id=2, anonymous=False)
    assert (await people.write(lab, "open", user_id=2))["from"]["id"] == 2


async def test_an_administrator_hears_reactions(bot: BotSide, people: People, lab: int) -> None:
    """Reactions in a group reach the bot with user, old and new, once it is administrator; others' never."""
    await bot.call("getUpdates", allowed_updates=["message_reaction"])
    sent = await bot.call("sendMessage", chat_id=lab, text="x")
    here = {"message_id": sent["message_id"]}
    await people.act(lab, "reactions", **here, emoji="👍", user_id=3)
    assert await bot.updates() == []
    await people.act(lab, "people", user_id=BOT, role="administrator")
    await people.act(lab, "reactions", **here, emoji="❤️", user_id=3)
    await people.act(lab, "reactions", **here, emoji="❤", user_id=3)
    await people.act(lab, "people", user_id=2, anonymous=True)
    await people.act(lab, "reactions", **here, emoji="🔥", user_id=2)
    hers, masked = [update["message_reaction"] for update in await bot.updates()]
    assert (hers["user"]["id"], hers["old_reaction"][0]["emoji"], hers["new_reaction"]) == (
        3,
        "👍",
        [{"type": "emoji", "emoji": "❤"}],
    )
    assert ("user" in masked, masked["actor_chat"]["id"]) == (False, lab)
    assert (await people.see(lab))[-1]["reactions"] == [
        {"emoji": "❤", "user_ids": [3]},
        {"emoji": "🔥", "user_ids": [2]},
    ]


async def test_an_administrator_deletes_what_others_wrote(bot: BotSide, people: People, lab: int) -> None:
    """As administrator the bot may delete anyone's message."""
    written = await people.write(lab, "spam", user_id=3)
    await people.act(lab, "people", user_id=BOT, role="administrator")
    assert await bot.call("deleteMessage", chat_id=lab, message_id=written["message_id"])


async def test_a_supergroup_keeps_its_people(bot: BotSide, people: People, lab: int) -> None:
    """Roles, masks and the bot's own standing go along."""
    await people.act(lab, "people", user_id=2, anonymous=True)
    await people.act(lab, "people", user_id=BOT, role="administrator")
    new = (await people.act(lab, "migrate"))["chat_id"]
    roles = [await role(bot, who, new) for who in (1, 2, 3, BOT)]
    assert roles == ["creator", "administrator", "member", "administrator"]
    assert "sender_chat" in await people.write(new, "hi", user_id=2)


async def test_replies_stay_in_their_topic(bot: BotSide, people: People) -> None:
    """A topic begins with a person's word there and has a name; who answers there, answers in it."""
    asked = await people.write(FORUM, "/today", user_id=3, thread_id=9, topic="Boats")
    assert (asked["message_thread_id"], asked["chat"]["is_forum"]) == (9, True)
    answer = await bot.call("sendMessage", chat_id=FORUM, text="x", reply_to_message_id=asked["message_id"])
    assert (answer["message_thread_id"], answer["is_topic_message"]) == (9, True)
    back = await people.write(FORUM, "thanks", user_id=3, reply_to_message_id=answer["message_id"])
    assert back["message_thread_id"] == 9
    (listed,) = (await people.client.get("/user/chats")).json()
    assert listed["topics"] == [{"thread_id": 9, "name": "Boats"}]
    assert "message_thread_id" not in await bot.call("sendMessage", chat_id=FORUM, text="to all")


@pytest.mark.parametrize(
    ("method", "fields"),
    [("sendMessage", {"text": "x"}), ("sendChatAction", {"action": "typing"}), ("sendDocument", {})],
)
async def test_unknown_topics_are_refused(
    bot: BotSide, people: People, method: str, fields: dict[str, Any]
) -> None:
    """Nothing can be sent to a topic that is not there, nor shown as being typed."""
    await people.write(FORUM, "hi", thread_id=9)
    sent = await bot.upload("sendDocument", "document", "a.txt", b"x", chat_id=FORUM, message_thread_id=9)
    document = sent.json()["result"]["document"]["file_id"]
    assert await bot.refused(
        method, **{"document": document, **fields}, chat_id=FORUM, message_thread_id=8
    ) == ("Bad Request: message thread not found")


async def test_only_supergroups_have_topics(people: People, lab: int) -> None:
    """A thread in a plain group is a tester's mistake."""
    assert await people.refused(lab, "messages", text="x", thread_id=5) == 400

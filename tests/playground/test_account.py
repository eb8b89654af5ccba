"""The bot's own account."""

from __future__ import annotations

from typing import Any

import pytest

from tests.playground.conftest import BotSide, People

COMMANDS = [{"command": "today", "description": "A digest now"}]


async def test_who_the_bot_is(bot: BotSide) -> None:
    """GetMe names a bot whose id is the first part of its token."""
    me = await bot.call("getme")
    assert (me["id"], me["is_bot"], me["can_join_groups"]) == (4711, True, True)


async def test_commands_are_seen_by_people(bot: BotSide, people: People, chat: int) -> None:
    """The narrowest scope that has commands wins, then the reader's own language."""
    german = [{"command": "heute", "description": "Jetzt"}]
    mine = [{"command": "mine", "description": "Only here"}]
    await bot.call("setMyCommands", commands=COMMANDS)
    await bot.call("setMyCommands", commands=german, scope={"type": "all_private_chats"}, language_code="de")
    await bot.call("setMyCommands", commands=mine, scope={"type": "chat", "chat_id": chat})

    async def seen(**query: Any) -> Any:
        return (await people.client.get("/user/commands", params=query)).json()

    assert await seen() == COMMANDS
    assert await seen(chat_id=8, language_code="de") == COMMANDS
    assert await seen(chat_id=chat) == mine
    await bot.call("deleteMyCommands", scope={"type": "chat", "chat_id": chat})
    assert await seen(chat_id=chat, language_code="de") == german
    assert await bot.call("getMyCommands") == COMMANDS


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"commands": [{"command": "To-Day", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "", "description": "x"}]}, "command must be non-empty"),
        ({"commands": [{"command": "today", "description": " "}]}, "command description must be non-empty"),
        ({"commands": [{"command": "today", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "today"}]}, "can't parse BotCommand: Can't find field \"description\""),
        ({"commands": ["today"]}, "can't parse BotCommand: expected an Object"),
        ({"commands": {}}, "expected an Array of BotCommand"),
        ({"commands": COMMANDS * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": "{"}, "can't parse commands JSON object"),
        (
            {"commands": COMMANDS, "scope": {"type": "x"}},
            "can't parse BotCommandScope: unsupported type specified",
        ),
    ],
)
async def test_bad_commands_are_refused(bot: BotSide, parameters: dict[str, Any], words: str) -> None:
    """Commands have Telegram's form or are refused."""
    assert await bot.refused("setMyCommands", **parameters) == f"Bad Request: {words}"


async def test_names_and_descriptions(bot: BotSide, people: People, chat: int) -> None:
    """What the bot says of itself is shown, and the name stands over its messages."""
    await bot.call("setMyName", name="Morning Paper")
    await bot.call("setMyDescription", description="Papers, daily.")
    await bot.call("setMyShortDescription", short_description="Papers.")
    await bot.call("setChatMenuButton", menu_button={"type": "commands"})
    shown = (await people.client.get("/user/bot")).json()
    assert (shown["first_name"], shown["description"]) == ("Morning Paper", "Papers, daily.")
    assert (await bot.call("sendMessage", chat_id=chat, text="x"))["from"]["first_name"] == "Morning Paper"
    assert await bot.call("getMyShortDescription") == {"short_description": "Papers."}
    assert await bot.call("getChatMenuButton") == {"type": "commands"}
    assert await bot.refused("setMyName", name="x" * 65) == "Bad Request: bot name is too long"


async def test_descriptions_are_kept_by_language(bot: BotSide, people: People) -> None:
    """A person reads that of their own language, and where there is none, that for all."""
    await bot.call("setMyDescription", description="Papers, daily.")
    await bot.call("setMyDescription", description="每日论文。", language_code="zh")
    for language, description in (("en", "Papers, daily."), ("zh", "每日论文。")):
        shown = (await people.client.get("/user/bot", params={"language_code": language})).json()
        assert shown["description"] == description
        assert await bot.call("getMyDescription", language_code=language) == {"description": description}
    await bot.call("setMyDescription", description="", language_code="zh")
    assert await bot.call("getMyDescription", language_code="zh") == {"description": "Papers, daily."}


async def test_the_bot_always_has_a_name(bot: BotSide) -> None:
    """A name that is taken back in one language leaves the other one; that for all stays."""
    await bot.call("setMyName", name="报童", language_code="zh")
    assert await bot.call("getMyName", language_code="zh") == {"name": "报童"}
    await bot.call("setMyName", name="", language_code="zh")
    await bot.call("setMyName", name="")
    assert await bot.call("getMyName", language_code="zh") == {"name": "Paperboy"}

"""The bot's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
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

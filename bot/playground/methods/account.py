"""Methods on the bot's own account: who it is, its descriptions, its commands."""

import re
from typing import Any

from bot.playground.calls import Call
from bot.playground.desk import Desk
from bot.playground.errors import BadRequest
from bot.playground.profile import Command, scope_key

_MOST_COMMANDS = 100
_LONGEST_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_PLAIN_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_MENU_BUTTONS = frozenset({"default", "commands", "web_app"})
_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(desk: Desk, _call: Call) -> dict[str, Any]:
    """Tell who the bot is."""
    return desk.profile.account()


def set_my_commands(desk: Desk, call: Call) -> bool:
    """Announce commands for a scope and a language."""
    given = call.json("commands", what="commands")
    if not isinstance(given, list | None):
        raise BadRequest("expected an Array of BotCommand")
    commands = [_command(fields) for fields in given or []]
    if len(commands) > _MOST_COMMANDS:
        raise BadRequest("BOT_COMMANDS_TOO_MUCH")
    desk.profile.announce(_scope(desk, call), call.text("language_code"), commands)
    return True


def get_my_commands(desk: Desk, call: Call) -> list[Command]:
    """Return the commands of exactly this scope and language."""
    return desk.profile.announced(_scope(desk, call), call.text("language_code"))


def delete_my_commands(desk: Desk, call: Call) -> bool:
    """Take back the commands of a scope and a language."""
    desk.profile.announce(_scope(desk, call), call.text("language_code"), [])
    return True


def set_my_name(desk: Desk, call: Call) -> bool:
    """Set the bot's name; one that is empty for all changes nothing."""
    if call.text("name") or call.text("language_code"):
        _describe(desk, call, "name")
    return True


def set_my_description(desk: Desk, call: Call) -> bool:
    """Set what an empty chat shows."""
    return _describe(desk, call, "description")


def set_my_short_description(desk: Desk, call: Call) -> bool:
    """Set what the bot's profile shows."""
    return _describe(desk, call, "short_description")


def get_my_name(desk: Desk, call: Call) -> dict[str, str]:
    """Return the bot's name."""
    return _told(desk, call, "name")


def get_my_description(desk: Desk, call: Call) -> dict[str, str]:
    """Return what an empty chat shows."""
    return _told(desk, call, "description")


def get_my_short_description(desk: Desk, call: Call) -> dict[str, str]:
    """Return what the bot's profile shows."""
    return _told(desk, call, "short_description")


def set_chat_menu_button(desk: Desk, call: Call) -> bool:
    """Set the button beside the writing line."""
    button = call.json("menu_button", what="menu button") or {"type": "default"}
    if not isinstance(button, dict) or str(button.get("type")) not in _MENU_BUTTONS:
        raise BadRequest("unsupported type specified")
    desk.profile.menu_button = button
    return True


def get_chat_menu_button(desk: Desk, _call: Call) -> dict[str, Any]:
    """Return the button beside the writing line."""
    return desk.profile.menu_button


def _command(fields: Any) -> Command:
    if not isinstance(fields, dict):
        raise BadRequest("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(fields.get(name), str):
            raise BadRequest(f"can't parse BotCommand: Can't find field \"{name}\"")
    command, description = fields["command"].removeprefix("/"), fields["description"].strip()
    if not command:
        raise BadRequest("command must be non-empty")
    if not _COMMAND.fullmatch(command):
        raise BadRequest("BOT_COMMAND_INVALID")
    if not description:
        raise BadRequest("command description must be non-empty")
    if len(description) > _LONGEST_DESCRIPTION:
        raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def _scope(desk: Desk, call: Call) -> str:
    scope = call.json("scope", what="BotCommandScope") or {"type": "default"}
    kind = str(scope.get("type")) if isinstance(scope, dict) else ""
    if kind in _PLAIN_SCOPES:
        return kind
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        raise BadRequest("can't parse BotCommandScope: unsupported type specified")
    chat = desk.chats.named(str(scope.get("chat_id", "")))
    return scope_key(kind, str(chat.id), str(scope.get("user_id", "")))


def _describe(desk: Desk, call: Call, kind: str) -> bool:
    words = call.text(kind)
    if len(words) > _LIMITS[kind]:
        raise BadRequest(f"bot {kind.replace('_', ' ')} is too long")
    desk.profile.describe(kind, call.text("language_code"), words)
    return True


def _told(desk: Desk, call: Call, kind: str) -> dict[str, str]:
    return {kind: desk.profile.words_for(kind, call.text("language_code"))}


METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": set_my_name,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyName": get_my_name,
    "getMyDescription": get_my_description,
    "getMyShortDescription": get_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}

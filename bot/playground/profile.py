"""The bot's own account: its names, and the commands that it announced."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.playground.chats import Chat

Command = dict[str, str]
_DEFAULT_ID = 1_000_001
_ABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": True,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}


@dataclass(slots=True)
class Profile:
    """What people see of the bot; commands are kept by scope and language, words by kind and language."""

    id: int
    username: str = "paperboy_playground_bot"
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "commands"})
    commands: dict[tuple[str, str], list[Command]] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=lambda: {("name", ""): "Paperboy"})

    def user(self) -> dict[str, Any]:
        """Return the User object that stands as the sender of the bot's messages."""
        name = self.words_for("name", "")
        return {"id": self.id, "is_bot": True, "first_name": name, "username": self.username}

    def account(self) -> dict[str, Any]:
        """Return the User object of getMe, with what the bot may do."""
        return {**self.user(), **_ABILITIES}

    def describe(self, kind: str, language: str, words: str) -> None:
        """Set name, description or short description in a language; without one, for all who have none."""
        self.words[kind, language] = words

    def words_for(self, kind: str, language: str) -> str:
        """Return what a person of a language sees: the words in it, else those for all."""
        return self.words.get((kind, language)) or self.words.get((kind, ""), "")

    def announce(self, scope: str, language: str, commands: Sequence[Command]) -> None:
        """Set the commands of a scope and language; none takes them back."""
        self.commands[scope, language] = list(commands)

    def announced(self, scope: str, language: str) -> list[Command]:
        """Return the commands of exactly this scope and language."""
        return self.commands.get((scope, language), [])

    def commands_for(self, chat: Chat | None, language: str) -> list[Command]:
        """Return the commands that a person sees in a chat: narrowest scope first, then own language."""
        scopes = ["default"]
        if chat is not None:
            everywhere = "all_private_chats" if chat.private else "all_group_chats"
            scopes = [scope_key("chat", str(chat.id)), everywhere, "default"]
        found = (self.announced(scope, spoken) for scope in scopes for spoken in (language, ""))
        return next((commands for commands in found if commands), [])


def scope_key(kind: str, chat_id: str = "", user_id: str = "") -> str:
    """Return the name under which the commands of a scope are kept."""
    return ":".join(part for part in (kind, chat_id, user_id) if part)


def new_profile(token: str) -> Profile:
    """Return the account of the bot with this token, whose first part is the bot's id."""
    number, _, _ = token.partition(":")
    return Profile(int(number) if number.isascii() and number.isdigit() else _DEFAULT_ID)

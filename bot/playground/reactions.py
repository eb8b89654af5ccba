"""Reactions to the messages of one chat: who reacted with what, and the objects that tell the bot of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

_SELECTOR = "\ufe0f"  # "show this as a picture": people's keyboards add it, Telegram's reactions have none
_OFFERED = """
    👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥
    🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨
    🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
_KNOWN = frozenset(_OFFERED.split())


class Reactions:
    """Reactions by message and user, one each, in the order in which they were given."""

    def __init__(self, given: Iterable[tuple[int, int, str]] = ()) -> None:
        self._by_message: dict[int, dict[int, str]] = {}
        for message_id, user_id, emoji in given:
            self.set(message_id, user_id, emoji)

    def set(self, message_id: int, user_id: int, emoji: str | None) -> str | None:
        """Set someone's reaction to a message, None to take it back, and return the one before."""
        reactions = self._by_message.setdefault(message_id, {})
        before = reactions.pop(user_id, None)
        if emoji is not None:
            reactions[user_id] = emoji
        elif not reactions:
            del self._by_message[message_id]
        return before

    def on(self, message_id: int) -> Mapping[int, str]:
        """Return the reactions to a message by user."""
        return self._by_message.get(message_id, {})

    def forget(self, message_id: int) -> None:
        """Forget the reactions to a message that is gone."""
        self._by_message.pop(message_id, None)

    def listed(self) -> list[tuple[int, int, str]]:
        """Return all reactions as (message, user, emoji)."""
        items = self._by_message.items()
        return [(message, user, emoji) for message, given in items for user, emoji in given.items()]


def known_reaction(emoji: str) -> str | None:
    """Return an emoji in the form that Telegram gives it as a reaction, None where it offers no such one."""
    plain = emoji.replace(_SELECTOR, "")
    return plain if plain in _KNOWN else None


def reaction_types(emoji: str | None) -> list[dict[str, str]]:
    """Return the ReactionType objects of one person: one or none."""
    return [] if emoji is None else [_type(emoji)]


def reaction_counts(reactions: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return ReactionCount objects, the most frequent first; of ties the one given first."""
    counts = Counter(reactions.values()).most_common()
    return [{"type": _type(emoji), "total_count": count} for emoji, count in counts]


def reactions_seen(reactions: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return what people see under a message: each emoji once, with who chose it."""
    users: dict[str, list[int]] = {}
    for user_id, emoji in reactions.items():
        users.setdefault(emoji, []).append(user_id)
    return [{"emoji": emoji, "user_ids": user_ids} for emoji, user_ids in users.items()]


def _type(emoji: str) -> dict[str, str]:
    return {"type": "emoji", "emoji": emoji}

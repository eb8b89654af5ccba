"""Chats and their messages, as Telegram keeps them: who is there, what was said, may the bot write."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.encoded import Json, as_json
from bot.playground.errors import BadRequest, Forbidden

MAX_MESSAGES = 1000  # kept of one chat; older ones are forgotten
SUPERGROUP_BASE = -(10**12)
_FIELDS_OF_CHAT = ("id", "kind", "title", "standing", "moved_to", "last_id")

User = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A Message object of the Bot API, kept as JSON; an edit puts another one in its place."""

    id: int
    json: Json

    @property
    def fields(self) -> dict[str, Any]:
        """Return the object, decoded anew."""
        fields: dict[str, Any] = json.loads(self.json)
        return fields


def message_of(fields: Mapping[str, Any]) -> Message:
    """Return the message with these fields."""
    return Message(int(fields["message_id"]), as_json(fields))


@dataclass(slots=True)
class Chat:
    """One chat: its people and messages by id, and the bot's standing in it (member, kicked or left)."""

    id: int
    kind: str
    title: str = ""
    standing: str = "member"
    moved_to: int | None = None
    last_id: int = 0
    people: dict[int, User] = field(default_factory=dict)
    threads: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    reactions: dict[tuple[int, int], str] = field(default_factory=dict)  # (message, user) -> emoji

    @property
    def private(self) -> bool:
        """Tell whether it is a chat with one person."""
        return self.kind == "private"

    def card(self) -> dict[str, Any]:
        """Return the Chat object of the Bot API."""
        if self.private:
            return {"id": self.id, "first_name": self.people[self.id]["first_name"], "type": self.kind}
        return {"id": self.id, "title": self.title, "type": self.kind}

    def add(self, sender: User, now: float, content: Mapping[str, Any]) -> Message:
        """Keep a new message and return it; the oldest one goes where there are too many."""
        self.last_id += 1
        head = {"message_id": self.last_id, "from": sender, "chat": self.card(), "date": int(now)}
        message = self.messages[self.last_id] = message_of({**head, **content})
        if len(self.messages) > MAX_MESSAGES:
            del self.messages[next(iter(self.messages))]
        return message

    def message(self, message_id: int, purpose: str = "message") -> Message:
        """Return a message.

        Raises:
            BadRequest: "<purpose> not found", such as "message to edit not found".
        """
        message = self.messages.get(message_id)
        if message is None:
            raise BadRequest(f"{purpose} not found")
        return message

    def react(self, message_id: int, user_id: int, emoji: str | None) -> str | None:
        """Set someone's reaction to a message, None to take it back, and return the one before."""
        before = self.reactions.pop((message_id, user_id), None)
        if emoji is not None:
            self.reactions[message_id, user_id] = emoji
        return before

    def check_writable(self) -> None:
        """Raise what Telegram answers where the bot may not write: blocked, kicked, left, or migrated."""
        if self.moved_to is not None:
            raise BadRequest("group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.moved_to)
        if self.standing == "kicked":
            raise Forbidden(
                "bot was blocked by the user" if self.private else f"bot was kicked from the {self.kind} chat"
            )
        if self.standing == "left":
            raise Forbidden(f"bot is not a member of the {self.kind} chat")

    def header_json(self) -> Json:
        """Return all but the messages as JSON, to be kept over a restart."""
        kept = {name: getattr(self, name) for name in _FIELDS_OF_CHAT}
        return as_json({**kept, "people": list(self.people.values()), "threads": sorted(self.threads)})


def restored_chat(header: Mapping[str, Any], messages: list[Mapping[str, Any]]) -> Chat:
    """Return the chat that `header_json` and its messages tell of."""
    return Chat(
        **{name: header[name] for name in _FIELDS_OF_CHAT},
        people={user["id"]: user for user in header["people"]},
        threads=set(header["threads"]),
        messages={message.id: message for message in map(message_of, messages)},
    )


def kind_of(chat_id: int) -> str:
    """Return the kind of chat that an id stands for: private, group or supergroup."""
    if chat_id > 0:
        return "private"
    return "supergroup" if chat_id < SUPERGROUP_BASE else "group"


class Chats:
    """All chats by id; a chat exists once its user wrote something or took the bot in."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def __len__(self) -> int:
        return len(self._chats)

    def get(self, chat_id: int) -> Chat | None:
        """Return a chat, None where there is none."""
        return self._chats.get(chat_id)

    def put(self, chat: Chat) -> Chat:
        """Keep a chat under its id and return it."""
        self._chats[chat.id] = chat
        return chat

    def named(self, chat_id: str) -> Chat:
        """Return the chat that a parameter names.

        Raises:
            BadRequest: where it names none.
        """
        if not chat_id:
            raise BadRequest("chat_id is empty")
        digits = chat_id.removeprefix("-")
        chat = self._chats.get(int(chat_id)) if digits.isascii() and digits.isdigit() else None
        if chat is None:
            raise BadRequest("chat not found")
        return chat

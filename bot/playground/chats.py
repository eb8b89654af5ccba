"""Chats and their messages, as Telegram keeps them: who is there, what was said, may the bot write."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.encoded import Json, as_json
from bot.playground.errors import BadRequest, Forbidden
from bot.playground.reactions import Reactions, reactions_seen

MAX_MESSAGES = 1000  # kept of one chat; older ones are forgotten
SUPERGROUP_BASE = -(10**12)
GROUP_ANONYMOUS_BOT = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
_INSIDE = frozenset({"member", "administrator"})
_LEADING = frozenset({"creator", "administrator"})

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
    """One chat: its people and messages by id, and the bot's standing in it.

    The bot is member, administrator, kicked or left; `roles` has the same words, and creator, for the people
    who are not plain members. `quiet_edits` are messages of which nothing but the buttons was changed.
    """

    id: int
    kind: str
    title: str = ""
    standing: str = "member"
    moved_to: int | None = None
    last_id: int = 0
    people: dict[int, User] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    anonymous: set[int] = field(default_factory=set)
    topics: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    reactions: Reactions = field(default_factory=Reactions)
    quiet_edits: set[int] = field(default_factory=set)

    @property
    def private(self) -> bool:
        """Tell whether it is a chat with one person."""
        return self.kind == "private"

    @property
    def channel(self) -> bool:
        """Tell whether only its administrators write, and in its name."""
        return self.kind == "channel"

    @property
    def post_kind(self) -> str:
        """Return the kind of update that tells of a new message."""
        return "channel_post" if self.channel else "message"

    @property
    def bot_is_in(self) -> bool:
        """Tell whether the bot hears and may write."""
        return self.standing in _INSIDE

    @property
    def bot_leads(self) -> bool:
        """Tell whether the bot is an administrator."""
        return self.standing == "administrator"

    def card(self) -> dict[str, Any]:
        """Return the Chat object of the Bot API."""
        if self.private:
            return {"id": self.id, "first_name": self.people[self.id]["first_name"], "type": self.kind}
        forum = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "title": self.title, "type": self.kind, **forum}

    def role_of(self, user_id: int) -> str:
        """Return how a person stands here: creator, administrator, member, left or kicked."""
        return self.roles.get(user_id, "member")

    def leads(self, user_id: int) -> bool:
        """Tell whether a person is an administrator or the creator."""
        return self.role_of(user_id) in _LEADING

    def add(self, sender: User, now: float, content: Mapping[str, Any]) -> Message:
        """Keep a new message and return it; the oldest one goes where there are too many."""
        self.last_id += 1
        signature = self._signature(sender)
        head = {"message_id": self.last_id, **signature, "chat": self.card(), "date": int(now)}
        message = self.put(message_of({**head, **content}))
        if len(self.messages) > MAX_MESSAGES:
            self.forget([next(iter(self.messages))])
        return message

    def put(self, message: Message) -> Message:
        """Keep a message, in place of the one before it that has its id, and return it."""
        self.messages[message.id] = message
        return message

    def forget(self, message_ids: Iterable[int]) -> None:
        """Forget messages and the reactions to them."""
        for message_id in message_ids:
            self.messages.pop(message_id, None)
            self.reactions.forget(message_id)
            self.quiet_edits.discard(message_id)

    def message(self, message_id: int, purpose: str = "message") -> Message:
        """Return a message.

        Raises:
            BadRequest: "<purpose> not found", such as "message to edit not found".
        """
        message = self.messages.get(message_id)
        if message is None:
            raise BadRequest(f"{purpose} not found")
        return message

    def seen(self, message: Message) -> Json:
        """Return a message as people see it: with its reactions, and whether they are told of the edit."""
        reactions = reactions_seen(self.reactions.on(message.id))
        more: dict[str, Any] = {"reactions": reactions} if reactions else {}
        if message.id in self.quiet_edits:
            more["edit_hidden"] = True
        return as_json({**message.fields, **more}) if more else message.json

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

    def _signature(self, sender: User) -> dict[str, Any]:
        """Return in whose name a message stands: the channel's, a masked one's group's, a user's."""
        if self.channel:
            return {"sender_chat": self.card()}
        if sender["id"] in self.anonymous:
            return {"from": GROUP_ANONYMOUS_BOT, "sender_chat": self.card()}
        return {"from": sender}


def kind_of(chat_id: int) -> str:
    """Return the kind of chat that an id stands for, where nobody made a channel of it."""
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
